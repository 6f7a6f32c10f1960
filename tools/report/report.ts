import { setTimeout as wait } from 'node:timers/promises';
import { makeCollector } from '@ccci/lib/pages/collect.ts';
import { type Channel, makeChannel } from '@ccci/lib/program/channel.ts';
import { exitStatus, Failure, messageOf } from '@ccci/lib/program/failure.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import type { Outcome } from '@ccci/lib/program/outcome.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import { type Stamping, stamp } from '@ccci/lib/records/encode.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { bring, type Posted } from './bring.ts';
import type { Desk } from './desk.ts';
import { makePublisher } from './publish.ts';
import { makeRounds, type Rounds } from './rounds.ts';
import { openThreads, type Threads } from './threads.ts';

export type ReportOptions = Pick<Desk, 'settings' | 'forge' | 'state' | 'runs'> & {
  /** Where the pages are written. */
  readonly directory: string;
  /** How long to go on trying at the end of the input. */
  readonly patienceMs: number;
  /** How often the directory is looked at besides. */
  readonly lookMs: number;
  readonly stamping: Stamping;
  readonly log: Log;
  readonly outcome: Outcome;
  /** Ends the requests that are under way when patience has ended. */
  readonly giveUp: () => void;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
};

/**
 * Passes records through and brings the forge to what the directory says: at the start, when a record tells of
 * something new, now and then, and at the end of the input (triggers.md, steps 11 to 13).
 */
export async function* report(
  incoming: AsyncIterable<Incoming>,
  options: ReportOptions,
): AsyncGenerator<object> {
  const channel = makeChannel<object>();
  void pump(incoming, options, channel).then(channel.end, channel.fail);
  yield* channel.items();
}

async function pump(
  incoming: AsyncIterable<Incoming>,
  options: ReportOptions,
  channel: Channel<object>,
): Promise<void> {
  const threads = openThreads(options.state);
  const collector = makeCollector();
  const { desk, publisher } = makeDesk(options, channel, collector);
  const rounds = makeRounds({
    bring: (thread) => bringThread(threads.files(thread), desk, { options, channel }),
    pause: options.pause ?? pause,
    fail: channel.fail,
  });
  const lookAround = async () => {
    for (const thread of await threads.look()) rounds.wake(thread);
  };
  await publisher.overview();
  await lookAround();
  const timer = setInterval(() => void lookAround().catch(channel.fail), options.lookMs).unref();
  for await (const { kind, record } of incoming) {
    await channel.push(record);
    if (kind === 'bad') noteBad(record, options);
    if (kind !== 'record') continue;
    const view = collector.add(record);
    const thread = await threadOf(record, threads);
    if (thread !== undefined) rounds.wake(thread);
    else if (view !== null && record.type === 'run.finished') await publisher.run(view);
    if (view !== null && record.type === 'run.finished' && thread === undefined) collector.forget(view);
  }
  clearInterval(timer);
  await lookAround();
  await finish(rounds, options);
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

async function threadOf(record: AnyRecord, threads: Threads): Promise<string | undefined> {
  if (record.type === 'trigger' || record.type === 'cancel') return threads.take(record);
  if (record.type === 'drop') return (await threads.take(record)) ?? threads.ofKey(String(record.key));
  return telling.includes(record.type) ? threads.ofKey(String(record.key)) : undefined;
}

function makeDesk(
  options: ReportOptions,
  channel: Channel<object>,
  collector: ReturnType<typeof makeCollector>,
) {
  const { log, stamping } = options;
  const said = new Set<string>();
  const publisher = makePublisher({
    ...options,
    complain: (error) => {
      const message = `cannot write the pages: ${messageOf(error)}; what is missing is written at the next start`;
      options.outcome.note(exitStatus.leftOver);
      if (said.has(message)) return;
      said.add(message);
      log.warning(message);
    },
  });
  const desk: Desk = {
    ...options,
    live: (run) => collector.views().find((view) => view.run === run),
    publish: publisher.run,
    complain: async (key, error, isForGood) => {
      if (said.has(`${key} ${error.message}`)) return;
      said.add(`${key} ${error.message}`);
      const { hint } = error as Failure;
      const message = isForGood ? `${error.message}; given up` : error.message;
      log.error(message, hint);
      await channel.push(
        stamp({ type: 'error', key, message, ...(hint === undefined ? {} : { hint }) }, stamping),
      );
    },
  };
  return { desk, publisher };
}

type Pass = { readonly options: ReportOptions; readonly channel: Channel<object> };

/** One pull request; without a token to write with it is left, and said once. */
async function bringThread(files: readonly string[], desk: Desk, { options, channel }: Pass) {
  try {
    const brought = await bring(files, desk);
    for (const posted of brought.posted) await channel.push(toRecord(posted, options.stamping));
    return brought;
  } catch (error) {
    if ((error as Error).name === 'AbortError') return { rest: 'stuck' as const, retryAfterMs: 0 };
    if (!(error instanceof Failure) || error.status !== exitStatus.configuration) throw error;
    options.outcome.note(exitStatus.configuration);
    await desk.complain(String(files[0]?.slice('20261123T101500Z-'.length)), error, false);
    return { rest: 'stuck' as const, retryAfterMs: 0 };
  }
}

function toRecord({ entry, stage }: Posted, stamping: Stamping): object {
  const { key, view, answer, record } = entry;
  return stamp(
    {
      type: 'report',
      key,
      ...(record.type === 'trigger' ? { run: view.run } : {}),
      stage,
      comment: answer.comments.at(-1)?.id ?? null,
      status: answer.statuses.at(-1)?.id ?? null,
      page: answer.page,
    },
    stamping,
  );
}

/** At the end of the input: tries for as long as patience lasts, then leaves the rest to the next start. */
async function finish(rounds: Rounds, { patienceMs, outcome, log, giveUp }: ReportOptions): Promise<void> {
  const over = new AbortController();
  const patience = wait(patienceMs, undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([rounds.atRest(), patience]);
  over.abort();
  giveUp();
  await rounds.stop();
  const left = rounds.left();
  if (left.length === 0) return;
  outcome.note(exitStatus.leftOver);
  log.warning(`not all was posted for ${left.join(', ')}; it is noted and will be at the next start`);
}

function noteBad(record: AnyRecord, { log, outcome }: ReportOptions): void {
  log.error(String(record.message), typeof record.hint === 'string' ? record.hint : undefined);
  outcome.note(exitStatus.badInput);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {});
}
