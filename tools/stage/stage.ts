import { type Channel, makeChannel } from '@ccci/lib/program/channel.ts';
import type { Cancel } from '@ccci/lib/records/cancel.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import type { ErrorRecord } from '@ccci/lib/records/error.ts';
import type { Plan } from '@ccci/lib/records/plan.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { makeScheduler, type Scheduler, type SchedulerOptions } from './scheduler.ts';
import { settleFinished } from './settle.ts';
import type { WorkOptions } from './work.ts';

export type StageOptions = Omit<SchedulerOptions, 'emit' | 'workHere' | 'workQueued'> &
  Pick<WorkOptions, 'noteBad'> & {
    /** Runs a trigger that nobody queued; `signal` is aborted with an `Ended`, `emit` writes a record. */
    readonly workHere: (trigger: Trigger, own: Pick<WorkOptions, 'signal' | 'emit'>) => Promise<void>;
    /** Runs what was claimed. */
    readonly workQueued: (
      claimed: Parameters<SchedulerOptions['workQueued']>[0],
      own: Parameters<SchedulerOptions['workQueued']>[1] & Pick<WorkOptions, 'emit'>,
    ) => Promise<void>;
    /** On a spool: resolves when the program is to end; its runs still go on to their end. */
    readonly ending: (scheduler: Scheduler) => Promise<void>;
  };

/**
 * Trigger or plan in, run records out. The input is read always, also while runs go on, and each trigger is passed on
 * at once: report's first answer hangs on it (triggers.md, step 7). At the end of input the runs go on to their end.
 * On a spool there is no input: what is to be run lies in the queue.
 */
export async function* stage(
  incoming: AsyncIterable<Incoming>,
  options: StageOptions,
): AsyncGenerator<object> {
  const channel = makeChannel<object>();
  void pump(incoming, options, channel).then(channel.end, channel.fail);
  yield* channel.items();
}

async function pump(
  incoming: AsyncIterable<Incoming>,
  options: StageOptions,
  channel: Channel<object>,
): Promise<void> {
  const emit = channel.push;
  const scheduler = makeScheduler({
    ...options,
    emit,
    workHere: (trigger, own) => options.workHere(trigger, { ...own, emit }),
    workQueued: (claimed, own) => options.workQueued(claimed, { ...own, emit }),
  });
  const wake = () => scheduler.wake();
  options.stopping.addEventListener('abort', wake, { once: true });
  try {
    await settleFinished(options);
    scheduler.wake();
    await readInput(incoming, scheduler, options, emit);
    if (options.isSpool) await options.ending(scheduler);
    await scheduler.atRest();
  } finally {
    options.stopping.removeEventListener('abort', wake);
    await scheduler.close();
  }
}

async function readInput(
  incoming: AsyncIterable<Incoming>,
  scheduler: Scheduler,
  options: StageOptions,
  emit: (record: object) => Promise<void>,
): Promise<void> {
  const planned = new Set<string>();
  for await (const { kind, record } of incoming) {
    await emit(record);
    if (kind === 'bad') options.noteBad(record as ErrorRecord);
    if (kind !== 'record') continue;
    if (record.type === 'cancel') await scheduler.cancel(record as unknown as Cancel);
    const trigger = triggerOf(record, planned);
    if (trigger !== null) scheduler.offer(trigger);
  }
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
