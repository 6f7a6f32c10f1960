import { type ForgeError, isAway, isForgeError } from '@ccci/lib/forge/forge-error.ts';
import { judgeComment } from '@ccci/lib/forge/judge-comment.ts';
import { utcSeconds } from '@ccci/lib/forge/shapes.ts';
import type { Listing, PullHit } from '@ccci/lib/forge/types.ts';
import type { Stamping } from '@ccci/lib/records/encode.ts';
import type { Cursor } from '@ccci/lib/records/tick.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { hasMoved, type Memory, pullKey, type Window, windowOf } from './memory.ts';
import { nextCursor } from './next-cursor.ts';
import { type ReadPull, readPulls } from './read-pulls.ts';
import type { Source } from './sources.ts';
import { makeError } from './trouble.ts';

export type SourceOptions = {
  readonly word: string;
  readonly overlapMs: number;
  readonly stamping: Stamping;
  readonly signal: AbortSignal;
};

/** Where one source stands: nothing before its first poll. */
export type Standing = { readonly cursor: Cursor | undefined; readonly enrolledAt: string | undefined };

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

/** A search's answer, and what it has to be read with. */
type Round = {
  readonly source: Source;
  readonly at: string;
  readonly enrolledAt: string;
  readonly window: Window;
  readonly pulls: readonly ReadPull[];
};

/**
 * Polls one source once: its search, the comments of what moved, a judgement for each command, oldest first.
 * What cannot be judged now becomes an `error` record and holds the cursor back, so the next poll finds it again.
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
    return {
      cursor: standing.cursor,
      changed: 0,
      triggers: 0,
      isAnswered: false,
      isComplete: false,
      error: listing,
    };
  }
  const { at } = listing;
  const enrolledAt = standing.enrolledAt ?? at;
  const memory = (before.pulls ?? {}) as Memory;
  const moved = unique(listing.items).filter((hit) => hasMoved(hit, memory, window));
  const reading = await readPulls(source, { hits: moved, memory, window, at });
  for (const error of reading.errors) yield makeError(source, error, stamping);
  const round: Round = { source, at, enrolledAt, window, pulls: reading.pulls };
  const judging = yield* judgeAll(round, options);
  const isComplete = reading.isComplete && judging.isComplete;
  const cursor = nextCursor(
    { before: standing.cursor, at, enrolledAt, isComplete, isSweep: window.isSweep, memory, overlapMs },
    reading.pulls,
  );
  const error = judging.error ?? reading.errors.at(-1) ?? null;
  return { cursor, changed: moved.length, triggers: judging.triggers, isAnswered: true, isComplete, error };
}

async function list(source: Source, window: Window): Promise<Listing<PullHit> | ForgeError> {
  try {
    return await source.list(window.pulls);
  } catch (error) {
    if (isForgeError(error)) return error;
    throw error;
  }
}

/** Rows can come twice when a page shifts while it is read. */
function unique(hits: readonly PullHit[]): readonly PullHit[] {
  return [...new Map(hits.map((hit) => [pullKey(hit), hit])).values()];
}

type Judging = { readonly triggers: number; readonly isComplete: boolean; readonly error: ForgeError | null };

async function* judgeAll(round: Round, options: SourceOptions): AsyncGenerator<AnyRecord, Judging> {
  const { source, enrolledAt } = round;
  const { client, allow, forks } = source;
  const { word, stamping, signal } = options;
  let triggers = 0;
  let isComplete = true;
  for (const { pull, comment } of inOrder(round.pulls)) {
    signal.throwIfAborted();
    const judge = { client, source: 'poll', word, allow, forks, enrolledAt, stamping } as const;
    const judgement = await judgeComment(pull.hit, comment, judge);
    if (judgement.kind === 'later') {
      isComplete = false;
      yield makeError(source, judgement, stamping);
      if (isAway(judgement.error)) return { triggers, isComplete, error: judgement.error };
      continue;
    }
    pull.judged.push(comment.id);
    if (judgement.kind === 'none') continue;
    if (judgement.record.type === 'trigger') triggers += 1;
    yield judgement.record;
  }
  return { triggers, isComplete, error: null };
}

/** By the time of creation over all pull requests: what was asked first is said first. */
function inOrder(pulls: readonly ReadPull[]) {
  return pulls
    .flatMap((pull) => pull.fresh.map((comment) => ({ pull, comment })))
    .sort(
      (a, b) =>
        Date.parse(a.comment.createdAt) - Date.parse(b.comment.createdAt) || a.comment.id - b.comment.id,
    );
}
