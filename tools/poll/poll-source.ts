import { type ForgeError, isForgeError } from '@ccci/lib/forge/forge-error.ts';
import { utcSeconds } from '@ccci/lib/forge/shapes.ts';
import type { FoundPull } from '@ccci/lib/forge/types.ts';
import type { Stamping } from '@ccci/lib/records/encode.ts';
import type { Cursor } from '@ccci/lib/records/tick.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { cancelClosed, type LookedInto } from './cancel-closed.ts';
import { judgeAll } from './judge-all.ts';
import type { PullListing } from './list-pulls.ts';
import { hasMoved, type Memory, pullKey, type Window, windowOf } from './memory.ts';
import { nextCursor } from './next-cursor.ts';
import { readPulls } from './read-pulls.ts';
import type { Source } from './sources.ts';
import { makeError } from './trouble.ts';

export type SourceOptions = {
  readonly word: string;
  readonly overlapMs: number;
  readonly stamping: Stamping;
  readonly signal: AbortSignal;
};

/** Where one source stands: nothing before its first poll. */
export type Standing = {
  readonly cursor: Cursor | undefined;
  readonly enrolledAt: string | undefined;
  /** How long ago it was first asked, in vain until now. */
  readonly waitedMs: number;
  /** Triggers that wait or run, by `<forge>/<owner>/<name>#<number>`. */
  readonly work: ReadonlyMap<string, readonly Trigger[]>;
  readonly lookedInto: LookedInto;
};

/** What came of polling one source. */
export type SourceOutcome = {
  /** Undefined when there was none and the forge gave no answer. */
  readonly cursor: Cursor | undefined;
  readonly changed: number;
  readonly triggers: number;
  /** The search was answered. */
  readonly isAnswered: boolean;
  /** Everything was judged. */
  readonly isComplete: boolean;
  /** What of the forge failed last. */
  readonly error: ForgeError | null;
};

/**
 * Polls one source once: its search, the comments of what moved, a judgement for each command, oldest first, and
 * what was closed. What cannot be judged now becomes an `error` record and holds the cursor back, so the next poll
 * finds it again.
 */
export async function* pollSource(
  source: Source,
  standing: Standing,
  options: SourceOptions,
): AsyncGenerator<AnyRecord, SourceOutcome> {
  const { stamping, overlapMs } = options;
  const before: Cursor = standing.cursor ?? { since: standing.enrolledAt ?? utcSeconds(stamping.now()) };
  const window = windowOf(before, overlapMs);
  const listing = await list(source, window);
  if (isForgeError(listing)) {
    yield makeError(source, listing, stamping);
    return unanswered(standing, listing);
  }
  const { at } = listing;
  const enrolledAt = standing.enrolledAt ?? earlier(at, standing.waitedMs);
  const memory = (before.pulls ?? {}) as Memory;
  const hits = unique(listing.items);
  const moved = hits.filter((hit) => hasMoved(hit, memory, window));
  const reading = await readPulls(source, { hits: moved, memory, window, at });
  for (const error of [...listing.errors, ...reading.errors]) yield makeError(source, error, stamping);
  const judging = yield* judgeAll(source, { pulls: reading.pulls, enrolledAt }, options);
  const { work, lookedInto } = standing;
  const closing = yield* cancelClosed(source, { hits, at, work, lookedInto, stamping });
  const isComplete =
    listing.errors.length === 0 && reading.isComplete && judging.isComplete && closing.isComplete;
  const isFirst = standing.cursor === undefined && standing.enrolledAt === undefined;
  const { isSweep } = window;
  const cursor = nextCursor(
    { before: standing.cursor, at, enrolledAt, isFirst, isComplete, isSweep, memory, overlapMs },
    reading.pulls,
  );
  const error = closing.error ?? judging.error ?? reading.errors.at(-1) ?? listing.errors.at(-1) ?? null;
  return { cursor, changed: moved.length, triggers: judging.triggers, isAnswered: true, isComplete, error };
}

async function list(source: Source, window: Window): Promise<PullListing | ForgeError> {
  try {
    return await source.list(window.pulls, window.isSweep);
  } catch (error) {
    if (isForgeError(error)) return error;
    throw error;
  }
}

function unanswered({ cursor }: Standing, error: ForgeError): SourceOutcome {
  return { cursor, changed: 0, triggers: 0, isAnswered: false, isComplete: false, error };
}

/** Rows can come twice when a page shifts while it is read. */
function unique(hits: readonly FoundPull[]): readonly FoundPull[] {
  return [...new Map(hits.map((hit) => [pullKey(hit), hit])).values()];
}

/** Our clock only measures how long: when it was is said by the forge's. */
function earlier(instant: string, ms: number): string {
  return utcSeconds(new Date(Date.parse(instant) - ms));
}
