/** Longest line that is waited for, in bytes: twice the longest record (records.md). */
const longestBytes = 2 * 1024 * 1024;

/** Puts lines together from pieces; what has no line feed yet waits for the rest. */
export type LineBuffer = { readonly take: (piece: Uint8Array) => string[] };

/** A line over the limit is left out, and the one behind it is whole again. */
export function makeLineBuffer(limit: number = longestBytes): LineBuffer {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let isTooLong = false;
  const decoder = new TextDecoder();
  const keep = (bytes: Uint8Array) => {
    size += bytes.length;
    isTooLong ||= size > limit;
    if (isTooLong) waiting = [];
    else waiting.push(bytes.slice());
  };
  const finish = (): string[] => {
    const line = isTooLong ? [] : [decoder.decode(join(waiting, size))];
    waiting = [];
    size = 0;
    isTooLong = false;
    return line;
  };
  return {
    take: (piece) => {
      const lines: string[] = [];
      let from = 0;
      for (let to = piece.indexOf(10); to !== -1; to = piece.indexOf(10, from)) {
        keep(piece.subarray(from, to));
        lines.push(...finish());
        from = to + 1;
      }
      keep(piece.subarray(from));
      return lines;
    },
  };
}

function join(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
