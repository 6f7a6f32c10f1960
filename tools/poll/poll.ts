import { isAway } from '@ccci/lib/forge/forge-error.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import { stamp } from '@ccci/lib/records/encode.ts';
import type { Cursors, Ticks } from '@ccci/lib/records/tick.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import type { LookedInto } from './cancel-closed.ts';
import { noteHealth } from './health.ts';
import { jittered, type Pace, slower, steady } from './pace.ts';
import { pollSource, type SourceOptions, type SourceOutcome } from './poll-source.ts';
import { byPull, type QueuedWork, triggersOf } from './queued-work.ts';
import type { Source } from './sources.ts';
import { type Standings, withdrawRefused } from './withdraw-refused.ts';

export type PollOptions = SourceOptions & {
  readonly sources: readonly Source[];
  /** As stored by dedupe. */
  readonly cursors: Cursors;
  readonly enrolled: Readonly<Record<string, string>>;
  readonly ticks: Ticks;
  /** Looks into the queue. */
  readonly readWork: () => Promise<QueuedWork>;
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

/** With what went wrong, in words. */
type Outcome = SourceOutcome & { readonly says: string | null };

/** What is kept between two ticks. */
type Keeping = {
  cursors: Cursors;
  /** Of the sources that there are; what was stored of others is left alone. */
  ticks: Ticks;
  readonly paces: Map<string, Pace>;
  /** When a source was first asked, in milliseconds of our clock. */
  readonly firstAsked: Map<string, number>;
  readonly lookedInto: LookedInto;
  readonly standings: Standings;
};

/**
 * The source of triggers: after all records of a poll one `tick`, whose cursors say how far everything before it
 * reaches, and whose `sources` how each of them is. Never reads input, never writes state. Ends after the record at hand when `signal` aborts, without a
 * tick that would claim more than was said.
 */
export async function* poll(options: PollOptions): AsyncGenerator<AnyRecord> {
  const { signal, isOnce, wait, intervalMs, random } = options;
  const keeping = begin(options);
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

function begin({ sources, cursors, ticks }: PollOptions): Keeping {
  const known = sources.flatMap(({ key }) => (ticks[key] === undefined ? [] : [[key, ticks[key]] as const]));
  return {
    cursors: { ...cursors },
    ticks: Object.fromEntries(known),
    paces: new Map(),
    firstAsked: new Map(),
    lookedInto: new Map(),
    standings: { said: new Set(), notBefore: new Map() },
  };
}

async function* pollAll(keeping: Keeping, options: PollOptions): AsyncGenerator<AnyRecord> {
  const { sources, stamping, signal, readWork, onTick } = options;
  const started = stamping.now().getTime();
  const queued = await readWork();
  const work = byPull(queued);
  const callsBefore = countCalls(sources);
  const outcomes: Outcome[] = [];
  const away = new Map<string, Outcome>();
  for (const source of sources) {
    if (started < (keeping.paces.get(source.key) ?? steady).notBefore) continue;
    const skipped = away.get(source.client.name);
    const outcome = skipped ?? (yield* pollOne(source, { keeping, work, started }, options));
    if (isAway(outcome.error)) away.set(source.client.name, outcome);
    note(source, outcome, keeping, options);
    outcomes.push(outcome);
    if (skipped === undefined && outcome.cursor)
      keeping.cursors = { ...keeping.cursors, [source.key]: outcome.cursor };
    signal.throwIfAborted();
  }
  const present = sources.filter(({ client }) => !away.has(client.name));
  const { standings } = keeping;
  yield* withdrawRefused(triggersOf(queued.waiting), present, { standings, stamping });
  yield stamp(
    {
      type: 'tick' as const,
      cursors: keeping.cursors,
      calls: countCalls(sources) - callsBefore,
      changed: sum(outcomes, ({ changed }) => changed),
      triggers: sum(outcomes, ({ triggers }) => triggers),
      ms: stamping.now().getTime() - started,
      sources: keeping.ticks,
    },
    stamping,
  );
  const answered = outcomes.filter(({ isAnswered }) => isAnswered).length;
  onTick?.({ asked: outcomes.length, answered, isComplete: outcomes.every(({ isComplete }) => isComplete) });
}

type Round = {
  readonly keeping: Keeping;
  readonly work: ReadonlyMap<string, readonly Trigger[]>;
  /** When the tick began, in milliseconds of our clock. */
  readonly started: number;
};

async function* pollOne(
  source: Source,
  { keeping, work, started }: Round,
  options: PollOptions,
): AsyncGenerator<AnyRecord, Outcome> {
  const { log, enrolled } = options;
  const { cursors, firstAsked, lookedInto } = keeping;
  const cursor = cursors[source.key];
  const enrolledAt = enrolled[source.key] ?? (cursor?.enrolledAt as string | undefined);
  if (!firstAsked.has(source.key)) firstAsked.set(source.key, started);
  const waitedMs = Math.max(0, started - firstAsked.get(source.key)!);
  const records = pollSource(source, { cursor, enrolledAt, waitedMs, work, lookedInto }, options);
  let says: string | null = null;
  for (;;) {
    const next = await records.next();
    if (next.done) {
      if (cursor === undefined && enrolledAt === undefined && next.value.cursor !== undefined) {
        log.info(`first poll of ${source.key}: comments before ${next.value.cursor.enrolledAt} are history`);
      }
      return { ...next.value, says };
    }
    if (next.value.type === 'error') {
      says = String(next.value.message);
      log.error(says, next.value.hint as string | undefined);
    }
    yield next.value;
  }
}

/** When it is asked again, and how it is. */
function note({ key }: Source, outcome: Outcome, keeping: Keeping, options: PollOptions): void {
  const { stamping, intervalMs } = options;
  const { isComplete, error, says } = outcome;
  const at = stamping.now();
  const pace = { now: at.getTime(), intervalMs, retryAfterMs: error?.retryAfterMs ?? null };
  keeping.paces.set(key, isComplete ? steady : slower(keeping.paces.get(key) ?? steady, pace));
  keeping.ticks = noteHealth(keeping.ticks, key, { at, isGood: isComplete, says });
}

function countCalls(sources: readonly Source[]): number {
  return sum([...new Set(sources.map(({ client }) => client))], ({ calls }) => calls);
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
