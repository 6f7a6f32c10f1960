import { fetchPart, type Get } from './range.ts';

/** A page of a log: lines that begin in so many bytes. */
export const pageBytes = 256 * 1024;
/** So much more is asked for, to see the last line to its end. */
const spareBytes = 64 * 1024;

export type LogPage =
  | {
      readonly kind: 'page';
      readonly lines: readonly string[];
      readonly isLast: boolean;
      readonly total: number | null;
    }
  | { readonly kind: 'gone' | 'away' };

export type LogReader = {
  /** Page 0 is the first. */
  readonly page: (index: number, signal?: AbortSignal) => Promise<LogPage>;
  /** The last page's index; null when the log cannot be had. */
  readonly last: (signal?: AbortSignal) => Promise<number | 'gone' | 'away'>;
};

/** Reads a log of any size page by page: each line is in exactly one of them, the one that it begins in. */
export function openLog(url: string, get?: Get): LogReader {
  return {
    page: async (index, signal) => {
      // One byte before, to know whether a line begins right here.
      const before = index === 0 ? 0 : 1;
      const part = { from: index * pageBytes - before, bytes: pageBytes + before + spareBytes };
      const answer = await fetchPart(url, part, get, signal);
      if (answer.kind === 'short') return { kind: 'page', lines: [], isLast: true, total: null };
      if (answer.kind !== 'piece') return { kind: answer.kind };
      const { bytes, total } = answer;
      const isEnd = bytes.length < part.bytes || part.from + bytes.length === total;
      const isLast = bytes.length <= pageBytes + before;
      return { kind: 'page', lines: linesOf(bytes, before, isEnd), isLast, total };
    },
    last: async (signal) => {
      const answer = await fetchPart(url, { from: 0, bytes: 1 }, get, signal);
      if (answer.kind === 'short') return 0;
      if (answer.kind !== 'piece') return answer.kind;
      return answer.total === null ? 0 : Math.max(0, Math.ceil(answer.total / pageBytes) - 1);
    },
  };
}

function linesOf(bytes: Uint8Array, before: number, isEnd: boolean): string[] {
  const decoder = new TextDecoder();
  const lines: string[] = [];
  let from = before === 0 ? 0 : bytes.indexOf(10) + 1;
  // A line that began before this page and goes on behind it.
  if (before === 1 && from === 0) return [];
  while (from < Math.min(bytes.length, pageBytes + before)) {
    const to = bytes.indexOf(10, from);
    const end = to === -1 ? bytes.length : to;
    lines.push(`${decoder.decode(bytes.subarray(from, end))}${to === -1 && !isEnd ? '…' : ''}`);
    from = end + 1;
  }
  return lines;
}
