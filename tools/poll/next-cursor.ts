import type { Cursor } from '@ccci/lib/records/tick.ts';
import { forget, type Memory, pullKey, remember } from './memory.ts';
import type { ReadPull } from './read-pulls.ts';

export type Round = {
  /** Undefined at the first poll. */
  readonly before: Cursor | undefined;
  /** The server's clock of the search. */
  readonly at: string;
  readonly enrolledAt: string;
  /** Everything was read and judged. */
  readonly isComplete: boolean;
  readonly isSweep: boolean;
  readonly memory: Memory;
  readonly overlapMs: number;
};

/** The cursor after a poll: it moves only when everything before it was judged. Pure. */
export function nextCursor(round: Round, pulls: readonly ReadPull[]): Cursor {
  const { before, at, enrolledAt, isComplete, isSweep, memory, overlapMs } = round;
  const since = isComplete ? at : (before?.since ?? enrolledAt);
  const sweptAt = isComplete && isSweep ? at : (before?.sweptAt ?? since);
  const known = { ...memory };
  for (const { hit, fresh, judged, readAt } of pulls) {
    const isJudged = fresh.every(({ id }) => judged.includes(id));
    known[pullKey(hit)] = remember(hit, { judged, readAt, isComplete: isJudged });
  }
  const cursor = { ...before, since, sweptAt, enrolledAt };
  return { ...cursor, pulls: forget(known, cursor, overlapMs) };
}
