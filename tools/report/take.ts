import { exitStatus } from '@ccci/lib/program/failure.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { keyOf } from '@ccci/lib/state/names.ts';
import type { ReportOptions } from './report.ts';
import type { Work } from './set-up.ts';
import type { Threads } from './threads.ts';
import type { Change } from './watch.ts';

/** Something in the directory is different: whoever it concerns is looked at. */
export async function takeChange({ file }: Change, work: Work): Promise<void> {
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
  'preview',
  'run.started',
  'stage.started',
  'stage.finished',
  'run.finished',
  'attribution',
  'drop',
];

/** Passes a record on, and wakes whoever it concerns before. */
export async function takeRecord({ kind, record }: Incoming, work: Work): Promise<void> {
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
