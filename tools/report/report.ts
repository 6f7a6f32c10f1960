import { makeCollector } from '@ccci/lib/pages/collect.ts';
import { type Channel, makeChannel } from '@ccci/lib/program/channel.ts';
import { until } from '@ccci/lib/program/ending.ts';
import { exitStatus } from '@ccci/lib/program/failure.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import type { Outcome } from '@ccci/lib/program/outcome.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import type { Stamping } from '@ccci/lib/records/encode.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { keyOf } from '@ccci/lib/state/names.ts';
import { bringThread } from './bring-thread.ts';
import type { ReportCounter } from './count.ts';
import type { Desk } from './desk.ts';
import { finish } from './finish.ts';
import { makeLookOver, type ReportSource } from './look-over.ts';
import { makeDesks } from './make-desk.ts';
import { pause } from './pause.ts';
import { makeRepeated } from './repeated.ts';
import { makeRounds } from './rounds.ts';
import { openThreads, type Threads } from './threads.ts';
import { makeTurns } from './turns.ts';
import type { Change } from './watch.ts';

export type ReportOptions = Pick<Desk, 'settings' | 'forge' | 'state' | 'runs' | 'disk'> & {
  /** Where the pages are written. */
  readonly directory: string;
  /** What is enrolled, where there is a token to write with. */
  readonly sources: readonly ReportSource[];
  /** Runs at a time, for the estimate of how long something waits. */
  readonly slots: number;
  /** How long to go on trying at the end of the input. */
  readonly patienceMs: number;
  /** How often all of the directory is looked at besides. */
  readonly lookMs: number;
  /** How often that of it is looked at which goes on. */
  readonly goingMs: number;
  readonly stamping: Stamping;
  readonly log: Log;
  readonly outcome: Outcome;
  /** Ends the requests that are under way when patience has ended. */
  readonly giveUp: () => void;
  /** Given: at the end of the input what is under way is finished, and nothing more begun, when it has aborted. */
  readonly stopping?: AbortSignal;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** At most one edit of a pull request in so many ms; 10 s by default. */
  readonly editMs?: number;
  /** Milliseconds of any beginning, for the pace of edits. */
  readonly clock?: () => number;
  readonly counter?: Pick<ReportCounter, 'posted' | 'retried'>;
};

/**
 * Passes records through and brings the forge to what the directory says: at the start, when a record or a change of
 * the directory tells of something new, now and then, and at the end of the input (triggers.md, steps 11 to 13).
 */
export async function* report(
  incoming: AsyncIterable<Incoming | Change>,
  options: ReportOptions,
): AsyncGenerator<object> {
  const channel = makeChannel<object>();
  const failing = new AbortController();
  const fail = (error: unknown) => {
    channel.fail(error);
    failing.abort();
    options.giveUp();
  };
  const pumping = pump(incoming, options, { channel, fail, failed: failing.signal }).catch(fail);
  void pumping.then(channel.end);
  try {
    yield* channel.items();
  } catch (error) {
    // What is under way comes to its end first: nothing is posted or written when a report has failed.
    await pumping;
    throw error;
  }
}

/** Where records go, and how everything ends when something is not a matter of one pull request. */
type Plumbing = {
  readonly channel: Channel<object>;
  readonly fail: (error: unknown) => void;
  readonly failed: AbortSignal;
};

async function pump(
  incoming: AsyncIterable<Incoming | Change>,
  options: ReportOptions,
  plumbing: Plumbing,
): Promise<void> {
  const { fail, failed } = plumbing;
  const work = setUp(options, plumbing);
  const { rounds, desks, look, lookOver } = work;
  const first = look().catch(fail);
  const pages = desks.publisher.overview();
  lookOver.now();
  const timers = [
    setInterval(() => void look().catch(fail), options.lookMs),
    setInterval(lookOver.now, options.lookMs),
    setInterval(work.lookAtGoing, options.goingMs),
  ];
  for (const timer of timers) timer.unref();
  try {
    for await (const item of until(incoming, failed)) {
      if (item.kind === 'changed') await takeChange(item, work);
      else await takeRecord(item, work);
    }
    await first;
    desks.hurry();
    if (options.stopping?.aborted !== true) await look();
    if (!failed.aborted) await finish(rounds, lookOver, options);
  } catch (error) {
    fail(error);
  }
  for (const timer of timers) clearInterval(timer);
  await Promise.all([rounds.stop(), lookOver.atRest(), pages]);
  await desks.publisher.idle();
}

type Work = ReturnType<typeof setUp>;

function setUp(options: ReportOptions, { channel, fail }: Plumbing) {
  const threads = openThreads(options.state);
  const collector = makeCollector();
  const desks = makeDesks({ options, threads, channel, collector });
  const turns = makeTurns();
  const bringOne = (thread: string) =>
    bringThread(threads.files(thread), desks.of(thread), { options, channel });
  const rounds = makeRounds({
    bring: (thread) => turns(thread, () => bringOne(thread)),
    pause: options.pause ?? pause,
    fail,
    onRetry: options.counter?.retried,
  });
  const isKnown = (thread: string) => threads.files(thread).length > 0;
  const looking = { ...options, complain: desks.complain, now: options.stamping.now, turns, isKnown };
  const lookOver = makeRepeated(makeLookOver(looking), { ...options, fail });
  const queue = { hasChanged: false };
  return {
    options,
    channel,
    threads,
    collector,
    desks,
    rounds,
    lookOver,
    queue,
    look: async () => {
      for (const thread of await threads.look()) rounds.wake(thread);
    },
    lookAtGoing: () => {
      for (const thread of rounds.going(queue.hasChanged)) rounds.wake(thread);
      queue.hasChanged = false;
      desks.publisher.changed();
    },
  };
}

async function takeChange({ file }: Change, work: Work): Promise<void> {
  const { threads, rounds, queue, look, desks } = work;
  queue.hasChanged = true;
  desks.publisher.changed();
  if (file === null) return look();
  const isNew = threads.ofKey(keyOf(file)) === undefined;
  const thread = await threads.add(file);
  if (thread !== undefined) rounds.wake(thread, isNew);
}

/** What can change what a comment, a status or a page says. */
const telling = [
  'queued',
  'run.started',
  'stage.started',
  'stage.finished',
  'run.finished',
  'attribution',
  'drop',
];

async function takeRecord({ kind, record }: Incoming, work: Work): Promise<void> {
  const { channel, options, collector, threads, rounds, desks, queue, lookOver } = work;
  const view = kind === 'record' ? collector.add(record) : null;
  const thread = kind === 'record' ? await threadOf(record, threads) : undefined;
  // Before the record goes on: a reader that is slow keeps nobody waiting for an answer.
  if (thread !== undefined) {
    queue.hasChanged = true;
    rounds.wake(thread, record.type === 'trigger');
  }
  if (telling.includes(record.type) || record.type === 'trigger') desks.publisher.changed();
  await channel.push(record);
  if (kind === 'bad') noteBad(record, options);
  if (kind === 'record' && record.type === 'tick') lookOver.nudge();
  if (view === null || record.type !== 'run.finished' || thread !== undefined) return;
  await desks.publisher.run(view);
  collector.forget(view);
}

async function threadOf(record: AnyRecord, threads: Threads): Promise<string | undefined> {
  if (record.type === 'trigger' || record.type === 'cancel') return threads.take(record);
  if (record.type === 'drop') return threads.ofKey(String(record.key)) ?? threads.take(record);
  return telling.includes(record.type) ? threads.ofKey(String(record.key)) : undefined;
}

function noteBad(record: AnyRecord, { log, outcome }: ReportOptions): void {
  log.error(String(record.message), typeof record.hint === 'string' ? record.hint : undefined);
  outcome.note(exitStatus.badInput);
}
