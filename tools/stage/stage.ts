import { type Channel, makeChannel } from '@ccci/lib/program/channel.ts';
import { exitStatus, Failure, messageOf } from '@ccci/lib/program/failure.ts';
import type { Cancel } from '@ccci/lib/records/cancel.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import type { ErrorRecord } from '@ccci/lib/records/error.ts';
import type { Plan } from '@ccci/lib/records/plan.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import type { Ended } from '@ccci/lib/stages/ended.ts';
import pLimit, { type LimitFunction } from 'p-limit';
import { settleCancel, settleFinished } from './settle.ts';
import type { WorkOptions } from './work.ts';

export type StageOptions = Pick<
  WorkOptions,
  'state' | 'runs' | 'stamping' | 'errorRecord' | 'noteBad' | 'noteBug'
> & {
  /** Works on one trigger to its end; `signal` is aborted with an `Ended`, `emit` writes a record. */
  readonly work: (trigger: Trigger, own: Pick<WorkOptions, 'signal' | 'emit'>) => Promise<void>;
  /** Runs at a time. */
  readonly slots: number;
  /** First SIGINT or SIGTERM; the reason is the signal's name. */
  readonly stopping: AbortSignal;
  /** The reader of the output has left. */
  readonly closed: AbortSignal;
};

/**
 * Trigger or plan in, run records out. The input is read always, also while runs go on, and each trigger is passed on
 * at once: report's first answer hangs on it (triggers.md, step 7). At the end of input the runs go on to their end.
 */
export async function* stage(
  incoming: AsyncIterable<Incoming>,
  options: StageOptions,
): AsyncGenerator<object> {
  const channel = makeChannel<object>();
  void pump(incoming, options, channel).then(channel.end, channel.fail);
  yield* channel.items();
}

/** A trigger that waits or runs, and how to end it. */
type Active = { readonly trigger: Trigger; readonly end: (ended: Ended) => void };

async function pump(
  incoming: AsyncIterable<Incoming>,
  options: StageOptions,
  channel: Channel<object>,
): Promise<void> {
  const limit = pLimit(options.slots);
  const active = new Set<Active>();
  const runs: Promise<void>[] = [];
  const planned = new Set<string>();
  await settleFinished(options);
  for await (const { kind, record } of incoming) {
    await channel.push(record);
    if (kind === 'bad') options.noteBad(record as ErrorRecord);
    if (kind === 'record' && record.type === 'cancel')
      await cancel(record as unknown as Cancel, active, options);
    const trigger = kind === 'record' ? triggerOf(record, planned) : null;
    if (trigger !== null) runs.push(startWork(trigger, active, limit, options, channel));
  }
  await Promise.all(runs);
}

/** Ends what waits or runs for the pull request of a `!cancel`. */
async function cancel(record: Cancel, active: ReadonlySet<Active>, options: StageOptions): Promise<void> {
  const why = `cancelled by ${record.comment.author}`;
  for (const { trigger, end } of active) {
    const { forge, owner, name, pr } = trigger;
    const isMeant = forge === record.forge && owner === record.owner && name === record.name;
    if (isMeant && pr?.number === record.pr.number) end({ verdict: 'cancelled', why });
  }
  await settleCancel(record, options);
}

/**
 * What a record asks to be run. A plan whose trigger came before it is the same run told twice: a recording has both.
 */
function triggerOf(record: AnyRecord, planned: Set<string>): Trigger | null {
  const key = String(record.key);
  if (record.type === 'plan') return planned.has(key) ? null : (record as unknown as Plan).trigger;
  if (record.type !== 'trigger') return null;
  planned.add(key);
  return record as unknown as Trigger;
}

/** A stop of the service gives a queued run back; Ctrl-C cancels; a reader that left ends a run that nobody queued. */
async function startWork(
  trigger: Trigger,
  active: Set<Active>,
  limit: LimitFunction,
  options: StageOptions,
  channel: Channel<object>,
): Promise<void> {
  const ending = new AbortController();
  const isQueued = trigger.spool !== undefined;
  let isRunning = false;
  const one: Active = { trigger, end: (ended) => ending.abort(ended) };
  active.add(one);
  const unlisten = [
    listen(options.stopping, () =>
      one.end(endOfSignal(String(options.stopping.reason), { isQueued, isRunning })),
    ),
    listen(options.closed, () => {
      if (!isQueued) one.end({ verdict: 'interrupted', why: 'the reader of the records left' });
    }),
  ];
  try {
    await limit(() => {
      isRunning = true;
      return options.work(trigger, { signal: ending.signal, emit: channel.push });
    });
  } catch (error) {
    options.noteBug(error);
    const bug = new Failure(exitStatus.bug, 'bug', `this is a bug: ${messageOf(error)}`);
    await channel.push(options.errorRecord(bug, trigger.key));
  } finally {
    for (const stop of unlisten) stop();
    active.delete(one);
  }
}

/** Ctrl-C cancels what runs; whatever else is queued stays in the queue, for the next start. */
function endOfSignal(name: string, work: { readonly isQueued: boolean; readonly isRunning: boolean }): Ended {
  const isCancel = !work.isQueued || (name === 'SIGINT' && work.isRunning);
  if (!isCancel) return { verdict: 'given-back', why: `stopped by ${name}` };
  return { verdict: 'cancelled', why: name === 'SIGINT' ? 'ended by Ctrl-C (SIGINT)' : `ended by ${name}` };
}

function listen(signal: AbortSignal, action: () => void): () => void {
  if (signal.aborted) action();
  else signal.addEventListener('abort', action, { once: true });
  return () => signal.removeEventListener('abort', action);
}
