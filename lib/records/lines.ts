import { createHash, type Hash } from 'node:crypto';

/** Longest record, in bytes (records.md). */
export const lineLimit = 1024 * 1024;
/** How much of an unusable line is kept, in bytes. */
export const keptLimit = 64 * 1024;

export type Line =
  | { readonly ok: true; readonly number: number; readonly bytes: Buffer }
  | {
      readonly ok: false;
      readonly number: number;
      readonly why: 'too-long';
      readonly kept: Buffer;
      readonly size: number;
      readonly sha256: string;
    };

type Pending = { buffer: Buffer; size: number; hash: Hash | undefined };

/**
 * Splits bytes into lines in bounded memory: of a line over the limit only the first 64 KiB, its length and its
 * hash are kept. A last line without its end is a line too. (split2 would drop a long line without a word.)
 */
export async function* splitLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let pending = nothing();
  let number = 0;
  for await (const piece of input) {
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      append(pending, chunk.subarray(start, end));
      number += 1;
      yield finish(pending, number);
      pending = nothing();
      start = end + 1;
    }
    append(pending, chunk.subarray(start));
  }
  if (pending.size > 0) yield finish(pending, number + 1);
}

function nothing(): Pending {
  return { buffer: Buffer.alloc(0), size: 0, hash: undefined };
}

function append(pending: Pending, piece: Buffer): void {
  const size = pending.size + piece.length;
  if (pending.hash !== undefined) {
    pending.hash.update(piece);
  } else if (size <= lineLimit) {
    if (size > pending.buffer.length) pending.buffer = grown(pending, size);
    piece.copy(pending.buffer, pending.size);
  } else {
    const before = pending.buffer.subarray(0, pending.size);
    pending.hash = createHash('sha256').update(before).update(piece);
    pending.buffer = Buffer.concat([before.subarray(0, keptLimit), piece], keptLimit);
  }
  pending.size = size;
}

/** Twice as large each time, so that a line in many small pieces costs neither time nor memory for each of them. */
function grown({ buffer, size }: Pending, needed: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.min(lineLimit, Math.max(needed, 2 * buffer.length)));
  buffer.copy(larger, 0, 0, size);
  return larger;
}

function finish({ buffer, size, hash }: Pending, number: number): Line {
  if (hash === undefined) return { ok: true, number, bytes: buffer.subarray(0, size) };
  return { ok: false, number, why: 'too-long', kept: buffer, size, sha256: hash.digest('hex') };
}
