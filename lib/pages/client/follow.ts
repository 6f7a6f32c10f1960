import type { AnyRecord } from '../../records/types.ts';
import { makeLineBuffer } from './line-buffer.ts';
import { fetchPart, type Get } from './range.ts';

export type Poll =
  | {
      readonly kind: 'records';
      readonly records: readonly AnyRecord[];
      /** More is there already. */
      readonly hasMore: boolean;
      readonly isRanged: boolean;
    }
  /** The file is another one now: what was shown of it is void, and it is read from its beginning. */
  | { readonly kind: 'anew' }
  | { readonly kind: 'gone' | 'away' };

/** So much is asked for at a time, in bytes. */
const pieceBytes = 1024 * 1024;
/** So much of what is known is asked for again: it tells whether the file is still the same, in bytes. */
const overlapBytes = 64;

/** Follows a file of records that grows, from its beginning, part by part; one `poll` at a time. */
export function makeFollower(url: string, get?: Get): { readonly poll: () => Promise<Poll> } {
  let position = 0;
  let known: Uint8Array = new Uint8Array(0);
  let lines = makeLineBuffer();
  const begin = (): Poll => {
    position = 0;
    known = new Uint8Array(0);
    lines = makeLineBuffer();
    return { kind: 'anew' };
  };
  return {
    poll: async () => {
      const part = { from: position - known.length, bytes: known.length + pieceBytes };
      const answer = await fetchPart(url, part, get);
      // An empty file has no range at all.
      if (answer.kind === 'short' && position === 0) return nothingNew;
      if (answer.kind === 'short') return begin();
      if (answer.kind !== 'piece') return { kind: answer.kind };
      if (!isSame(answer.bytes.subarray(0, known.length), known)) return begin();
      const fresh = answer.bytes.subarray(known.length);
      position += fresh.length;
      known = answer.bytes.slice(-overlapBytes);
      const records = lines.take(fresh).flatMap(parse);
      return { kind: 'records', records, hasMore: fresh.length === pieceBytes, isRanged: answer.isRanged };
    },
  };
}

const nothingNew: Poll = { kind: 'records', records: [], hasMore: false, isRanged: true };

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

function parse(line: string): AnyRecord[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value ? [value as AnyRecord] : [];
  } catch {
    return [];
  }
}
