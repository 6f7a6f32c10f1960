import type { Cursor } from '@ccci/lib/records/tick.ts';
import { forget, type Memory, pullKey, remember } from './memory.ts';
import type { ReadPull } from './read-pulls.ts';

export type Round = {
  /** Undefined at the first poll. */
  readonly before: Cursor | undefined;
  /** The server's clock of the search. */
  readonly at: string;
  readonly enrolledAt: string;
  /** Nothing is known but when it was enrolled, by a clock that was not the forge's: it is read once more from there. */
  readonly isFirst: boolean;
  /** Everything was read and judged. */
  readonly isComplete: boolean;
  readonly isSweep: boolean;
  readonly memory: Memory;
  readonly overlapMs: number;
};

/** The cursor after a poll: it moves only when everything before it was judged. Pure. */
export function nextCursor(round: Round, pulls: readonly ReadPull[]): Cursor {
  const { before, at, enrolledAt, isFirst, isComplete, isSweep, memory, overlapMs } = round;
  const since = isComplete && !isFirst ? at : (before?.since ?? enrolledAt);
  // What a sweep read for the first time is read again by the next: a page may have shifted under it too.
  const isSwept = isComplete && isSweep && before !== undefined;
  const sweptAt = isSwept ? before.since : (before?.sweptAt ?? before?.since ?? enrolledAt);
  const known = { ...memory };
  for (const { hit, fresh, judged, readAt, isGone } of pulls) {
    const isJudged = isGone !== true && fresh.every(({ id }) => judged.includes(id));
    known[pullKey(hit)] = remember(hit, { judged, readAt, isComplete: isJudged });
  }
  const cursor = { ...before, since, sweptAt, enrolledAt };
  return { ...cursor, pulls: forget(known, cursor, overlapMs) };
}
