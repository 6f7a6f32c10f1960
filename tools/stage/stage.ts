import { type Channel, makeChannel } from '@ccci/lib/program/channel.ts';
import { messageOf } from '@ccci/lib/program/failure.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import type { Plan } from '@ccci/lib/records/plan.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { Ended } from '@ccci/lib/stages/ended.ts';
import pLimit from 'p-limit';
import { type WorkOptions, workOn } from './work.ts';

export type StageOptions = Omit<WorkOptions, 'signal' | 'emit'> & {
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

async function pump(incoming: AsyncIterable<Incoming>, options: StageOptions, channel: Channel<object>): Promise<void> {
  const limit = pLimit(options.slots);
  const runs: Promise<void>[] = [];
  for await (const { kind, record } of incoming) {
    await channel.push(record);
    if (kind === 'bad') options.noteBad(record as { message: string });
    const trigger = kind === 'record' ? triggerOf(record) : null;
    if (trigger === null) continue;
    runs.push(limit(() => workWithSignal(trigger, options, channel)));
  }
  await Promise.all(runs);
}

function triggerOf(record: { readonly type: string }): Trigger | null {
  if (record.type === 'trigger') return record as unknown as Trigger;
  return record.type === 'plan' ? (record as unknown as Plan).trigger : null;
}

/** A stop of the service gives a queued run back; Ctrl-C cancels; a reader that left ends a run that nobody queued. */
async function workWithSignal(trigger: Trigger, options: StageOptions, channel: Channel<object>): Promise<void> {
  const ending = new AbortController();
  const isQueued = trigger.spool !== undefined;
  const end = (ended: Ended) => ending.abort(ended);
  const unlisten = [
    listen(options.stopping, () => end(endOfSignal(String(options.stopping.reason), isQueued))),
    ...(isQueued
      ? []
      : [listen(options.closed, () => end({ verdict: 'interrupted', why: 'the reader of the records left' }))]),
  ];
  try {
    await workOn(trigger, { ...options, signal: ending.signal, emit: channel.push });
  } catch (error) {
    options.noteBug(error);
    await channel.push(options.errorRecord(`this is a bug: ${messageOf(error)}`, undefined, trigger.key));
  } finally {
    for (const stop of unlisten) stop();
  }
}

function endOfSignal(name: string, isQueued: boolean): Ended {
  if (isQueued && name !== 'SIGINT') return { verdict: 'given-back', why: `stopped by ${name}` };
  return { verdict: 'cancelled', why: name === 'SIGINT' ? 'ended by Ctrl-C (SIGINT)' : `ended by ${name}` };
}

function listen(signal: AbortSignal, action: () => void): () => void {
  if (signal.aborted) action();
  else signal.addEventListener('abort', action, { once: true });
  return () => signal.removeEventListener('abort', action);
}
