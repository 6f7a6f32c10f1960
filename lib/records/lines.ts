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

type Pending = { parts: Buffer[]; size: number; hash: Hash | undefined };

/**
 * Splits bytes into lines in bounded memory: of a line over the limit only the first 64 KiB, its length and its
 * hash are kept. A last line without its end is a line too. (split2 would drop a long line without a word.)
 */
export async function* splitLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let pending: Pending = { parts: [], size: 0, hash: undefined };
  let number = 0;
  for await (const piece of input) {
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      append(pending, chunk.subarray(start, end));
      number += 1;
      yield finish(pending, number);
      pending = { parts: [], size: 0, hash: undefined };
      start = end + 1;
    }
    append(pending, chunk.subarray(start));
  }
  if (pending.size > 0) yield finish(pending, number + 1);
}

function append(pending: Pending, piece: Buffer): void {
  pending.size += piece.length;
  if (pending.hash !== undefined) {
    pending.hash.update(piece);
    return;
  }
  pending.parts.push(piece);
  if (pending.size <= lineLimit) return;
  const whole = Buffer.concat(pending.parts);
  pending.hash = createHash('sha256').update(whole);
  pending.parts = [Buffer.from(whole.subarray(0, keptLimit))];
}

function finish(pending: Pending, number: number): Line {
  const bytes = Buffer.concat(pending.parts);
  if (pending.hash === undefined) return { ok: true, number, bytes };
  return {
    ok: false,
    number,
    why: 'too-long',
    kept: bytes,
    size: pending.size,
    sha256: pending.hash.digest('hex'),
  };
}
