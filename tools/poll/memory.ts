import { utcSeconds } from '@ccci/lib/forge/shapes.ts';
import type { ForgeComment, PullHit } from '@ccci/lib/forge/types.ts';
import type { Cursor } from '@ccci/lib/records/tick.ts';

/** What is remembered of one pull request: `again` asks for another look although it has not moved. */
export type Remembered = { readonly updated: string; readonly comments: number[]; readonly again?: boolean };
export type Memory = Readonly<Record<string, Remembered>>;

/** How often everything since the last sweep is read again, whatever is remembered of it. */
export const sweepMs = 600_000;

/** From when on to ask, RFC 3339; both are inclusive. */
export type Window = {
  /** For pull requests that moved. */
  readonly pulls: string;
  /** For their comments: as far back as comment ids are remembered; older ones were judged or are edits. */
  readonly comments: string;
  /** A sweep does not believe `updated`, so that a row that became visible late is found. */
  readonly isSweep: boolean;
};

/** Where a poll begins that has read up to `cursor`. Pure; all instants are the forge's own. */
export function windowOf({ since, sweptAt = since }: Cursor, overlapMs: number): Window {
  const isSweep = Date.parse(since) - Date.parse(sweptAt) >= sweepMs;
  const comments = earlier(Date.parse(sweptAt) < Date.parse(since) ? sweptAt : since, overlapMs);
  return { pulls: isSweep ? comments : earlier(since, overlapMs), comments, isSweep };
}

/** `owner/name#number`, whatever the case. */
export function pullKey({ owner, name, number }: PullHit): string {
  return `${owner}/${name}#${number}`.toLowerCase();
}

/** True when a pull request has to be looked at. */
export function hasMoved(hit: PullHit, memory: Memory, { isSweep }: Window): boolean {
  const known = memory[pullKey(hit)];
  return isSweep || known === undefined || known.again === true || known.updated !== hit.updatedAt;
}

/** Comments that nobody has judged, of those that were read; an old one comes back only because it was edited. */
export function newComments(
  comments: readonly ForgeComment[],
  known: Remembered | undefined,
  window: Window,
): readonly ForgeComment[] {
  const judged = new Set(known?.comments);
  return comments.filter(
    ({ id, createdAt }) => !judged.has(id) && Date.parse(createdAt) >= Date.parse(window.comments),
  );
}

/**
 * What to remember of a pull request whose comments were read at `readAt`. Instants are whole seconds: as long as
 * the second of its update is not over, more may come under the same time.
 */
export function remember(
  hit: PullHit,
  {
    judged,
    readAt,
    isComplete,
  }: { readonly judged: readonly number[]; readonly readAt: string; readonly isComplete: boolean },
): Remembered {
  const again = !isComplete || Date.parse(readAt) <= Date.parse(hit.updatedAt);
  return { updated: hit.updatedAt, comments: [...judged], ...(again ? { again } : {}) };
}

/** Forgets what no window of `cursor` reaches any more. */
export function forget(memory: Memory, cursor: Cursor, overlapMs: number): Record<string, Remembered> {
  const horizon = Date.parse(windowOf(cursor, overlapMs).comments);
  return Object.fromEntries(
    Object.entries(memory).filter(([, { updated }]) => Date.parse(updated) >= horizon),
  );
}

function earlier(instant: string, ms: number): string {
  return utcSeconds(new Date(Date.parse(instant) - ms));
}
