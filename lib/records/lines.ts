import { createHash, type Hash } from 'node:crypto';

/** Longest record, in bytes (records.md). */
export const lineLimit = 1024 * 1024;
/** How much of an unusable line is kept, in bytes. */
export const keptLimit = 64 * 1024;
/** How much input is looked at at once, in bytes, whatever a source gives: what comes out in one go stays bounded. */
const pieceLimit = 64 * 1024;

/** A line over the limit: its first 64 KiB, and the length and hash of the whole. */
export type LongLine = {
  readonly ok: false;
  readonly why: 'too-long';
  readonly kept: Buffer;
  readonly size: number;
  readonly sha256: string;
};

/**
 * Whole lines that came together, none over the limit, each ended by `\n`; only the last line of the input may be
 * without. The memory may be the source's: it is valid until the next block is asked for.
 */
export type Block = { readonly ok: true; readonly bytes: Buffer };

export type Line =
  | { readonly ok: true; readonly number: number; readonly bytes: Buffer }
  | (LongLine & { readonly number: number });

type Pending = { buffer: Buffer; size: number; hash: Hash | undefined };

/** Splits bytes into lines, one by one; the memory of a line is valid until the next one is asked for. */
export async function* splitLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 0;
  for await (const block of splitBlocks(input)) {
    if (!block.ok) {
      number += 1;
      yield { ...block, number };
      continue;
    }
    for (const bytes of linesOf(block)) {
      number += 1;
      yield { ok: true, number, bytes };
    }
  }
}

/** The lines of a block without their ends. */
export function* linesOf({ bytes }: Block): Generator<Buffer> {
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    yield bytes.subarray(start, end);
    start = end + 1;
  }
  if (start < bytes.length) yield bytes.subarray(start);
}

/**
 * Splits bytes behind the last end of a line of each piece of input, in bounded memory: of a line over the limit only
 * the first 64 KiB, its length and its hash are kept. A last line without its end is a line too. (split2 would drop a
 * long line without a word.)
 */
export async function* splitBlocks(input: AsyncIterable<Uint8Array>): AsyncGenerator<Block | LongLine> {
  let pending = nothing();
  for await (const chunk of input) {
    for (const piece of piecesOf(chunk)) {
      const end = piece.lastIndexOf(10) + 1;
      if (end === 0) {
        append(pending, piece);
        continue;
      }
      let start = 0;
      const first = pending.size === 0 ? 0 : piece.indexOf(10);
      if (pending.size + first > lineLimit) {
        append(pending, piece.subarray(0, first));
        yield finish(pending);
        pending = nothing();
        start = first + 1;
      }
      if (start < end) yield { ok: true, bytes: joined(pending, piece.subarray(start, end)) };
      pending = nothing();
      append(pending, piece.subarray(end));
    }
  }
  if (pending.size > 0) yield finish(pending);
}

function* piecesOf(chunk: Uint8Array): Generator<Buffer> {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  for (let start = 0; start < bytes.length; start += pieceLimit) {
    yield bytes.subarray(start, start + pieceLimit);
  }
}

function joined(pending: Pending, piece: Buffer): Buffer {
  return pending.size === 0 ? piece : Buffer.concat([pending.buffer.subarray(0, pending.size), piece]);
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

function finish({ buffer, size, hash }: Pending): Block | LongLine {
  if (hash === undefined) return { ok: true, bytes: buffer.subarray(0, size) };
  return { ok: false, why: 'too-long', kept: buffer, size, sha256: hash.digest('hex') };
}
