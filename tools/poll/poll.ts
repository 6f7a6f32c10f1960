import { isAway } from '@ccci/lib/forge/forge-error.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import { stamp } from '@ccci/lib/records/encode.ts';
import type { Cursors } from '@ccci/lib/records/tick.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { jittered, type Pace, slower, steady } from './pace.ts';
import { pollSource, type SourceOptions, type SourceOutcome } from './poll-source.ts';
import type { Source } from './sources.ts';

export type PollOptions = SourceOptions & {
  readonly sources: readonly Source[];
  /** As stored by dedupe. */
  readonly cursors: Cursors;
  readonly enrolled: Readonly<Record<string, string>>;
  readonly isOnce: boolean;
  readonly intervalMs: number;
  readonly log: Log;
  readonly random: () => number;
  /** Ends early, without an error, when `signal` aborts. */
  readonly wait: (ms: number) => Promise<void>;
  readonly onTick?: (tick: TickSummary) => void;
};

/** Of all sources, how many were asked, answered, and whether nothing is left to judge. */
export type TickSummary = { readonly asked: number; readonly answered: number; readonly isComplete: boolean };

/** What is kept between two ticks. */
type Keeping = { cursors: Cursors; readonly paces: Map<string, Pace> };

/**
 * The source of triggers: after all records of a poll one `tick`, whose cursors say how far everything before it
 * reaches. Never reads input, never writes state. Ends after the record at hand when `signal` aborts, without a
 * tick that would claim more than was said.
 */
export async function* poll(options: PollOptions): AsyncGenerator<AnyRecord> {
  const { signal, isOnce, wait, intervalMs, random } = options;
  const keeping: Keeping = { cursors: { ...options.cursors }, paces: new Map() };
  while (!signal.aborted) {
    try {
      yield* pollAll(keeping, options);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    if (isOnce) return;
    await wait(jittered(intervalMs, random));
  }
}

async function* pollAll(keeping: Keeping, options: PollOptions): AsyncGenerator<AnyRecord> {
  const { sources, stamping, signal, onTick } = options;
  const started = stamping.now().getTime();
  const callsBefore = countCalls(sources);
  const outcomes: SourceOutcome[] = [];
  const away = new Map<string, SourceOutcome>();
  for (const source of sources) {
    if (started < (keeping.paces.get(source.key) ?? steady).notBefore) continue;
    const skipped = away.get(source.client.name);
    const outcome = skipped ?? (yield* pollOne(source, keeping, options));
    if (isAway(outcome.error)) away.set(source.client.name, outcome);
    notePace(source, outcome, keeping, options);
    outcomes.push(outcome);
    if (skipped === undefined && outcome.cursor)
      keeping.cursors = { ...keeping.cursors, [source.key]: outcome.cursor };
    signal.throwIfAborted();
  }
  yield stamp(
    {
      type: 'tick' as const,
      cursors: keeping.cursors,
      calls: countCalls(sources) - callsBefore,
      changed: sum(outcomes, ({ changed }) => changed),
      triggers: sum(outcomes, ({ triggers }) => triggers),
      ms: stamping.now().getTime() - started,
    },
    stamping,
  );
  const answered = outcomes.filter(({ isAnswered }) => isAnswered).length;
  onTick?.({ asked: outcomes.length, answered, isComplete: outcomes.every(({ isComplete }) => isComplete) });
}

async function* pollOne(
  source: Source,
  { cursors }: Keeping,
  options: PollOptions,
): AsyncGenerator<AnyRecord, SourceOutcome> {
  const { log, enrolled } = options;
  const cursor = cursors[source.key];
  const enrolledAt = enrolled[source.key] ?? (cursor?.enrolledAt as string | undefined);
  const records = pollSource(source, { cursor, enrolledAt }, options);
  for (;;) {
    const next = await records.next();
    if (next.done) {
      if (cursor === undefined && enrolledAt === undefined && next.value.cursor !== undefined) {
        log.info(`first poll of ${source.key}: comments before ${next.value.cursor.enrolledAt} are history`);
      }
      return next.value;
    }
    if (next.value.type === 'error')
      log.error(String(next.value.message), next.value.hint as string | undefined);
    yield next.value;
  }
}

function notePace(source: Source, outcome: SourceOutcome, { paces }: Keeping, options: PollOptions): void {
  const { stamping, intervalMs } = options;
  const pace = paces.get(source.key) ?? steady;
  const now = stamping.now().getTime();
  const retryAfterMs = outcome.error?.retryAfterMs ?? null;
  paces.set(source.key, outcome.isComplete ? steady : slower(pace, { now, intervalMs, retryAfterMs }));
}

function countCalls(sources: readonly Source[]): number {
  return sum([...new Set(sources.map(({ client }) => client))], ({ calls }) => calls);
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
