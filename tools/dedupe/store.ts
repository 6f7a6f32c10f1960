import { exitStatus } from '@ccci/lib/program/failure.ts';
import type { Drop } from '@ccci/lib/records/drop.ts';
import type { Tick } from '@ccci/lib/records/tick.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { accept, type Judged } from '@ccci/lib/state/accept.ts';
import { storeCursors } from '@ccci/lib/state/cursors.ts';
import { storeEnrolled } from '@ccci/lib/state/enrolled.ts';
import type { Disk } from '@ccci/lib/state/files.ts';
import { settle } from '@ccci/lib/state/queue.ts';
import { storeTicks } from '@ccci/lib/state/ticks.ts';
import type { Work } from '@ccci/lib/state/work.ts';
import type { DedupeOptions } from './dedupe.ts';
import type { Item } from './inbox.ts';
import { duplicate, isCounted, isJudged, type Judgement, judge } from './judge.ts';
import { overLimit } from './limits.ts';
import type { Memory } from './memory.ts';
import { overtake } from './overtake.ts';

export type StoreOptions = DedupeOptions & { readonly disk: Disk };

/**
 * Judges lines that came together, makes what is new durable, and gives what is to be said then, in order: nothing is
 * said before it is stored. A tick may only be the last of them; it is stored, and given, after all else.
 */
export async function* store(
  part: readonly Item[],
  memory: Memory,
  options: StoreOptions,
): AsyncGenerator<readonly AnyRecord[]> {
  const { state, stamping, disk } = options;
  if (part.some(({ incoming }) => incoming.kind === 'record' && isJudged(incoming.record))) {
    await memory.waiting.refresh();
  }
  const judgements: Judgement[] = [];
  for (const item of part) judgements.push(await judgeItem(item, memory, options));
  const judged = judgements.flatMap(({ store: one }) => (one === null ? [] : [one]));
  const accepted = judged.filter(({ folder }) => folder === 'new').map(toWork);
  let overtaken: readonly Drop[] = [];
  const storage = { disk, ...(options.locks && { locks: options.locks }) };
  await accept(state, judged, {
    now: stamping.now,
    disk,
    beforeSeen: async () => {
      overtaken = await overtake(accepted, { state, waiting: memory.waiting, stamping, storage });
    },
  });
  for (const { remove } of part) await remove?.();
  const tick = tickOf(part.at(-1));
  const outputs = judgements.map(({ output }) => output).filter((output) => output !== tick);
  yield [...outputs, ...overtaken];
  if (tick === null) return;
  await storeTick(tick, memory, options);
  yield [tick];
}

async function judgeItem(item: Item, memory: Memory, options: StoreOptions): Promise<Judgement> {
  const { incoming, isFromInbox } = item;
  if (incoming.kind === 'bad') {
    options.log.error(incoming.record.message, incoming.record.hint);
    options.outcome.note(exitStatus.badInput);
    memory.cursorsHeld ||= !isFromInbox;
  }
  if (incoming.kind !== 'record') return { output: incoming.record, store: null };
  const { record } = incoming;
  const isKnown = isJudged(record) && memory.known.has(String(record.key));
  if (isKnown && record.type === 'drop') {
    return { output: await withdraw(record as Drop, memory, options), store: null };
  }
  const why = !isKnown && isCounted(record) ? await whyTooMany(record, memory, options) : null;
  const judgement = judge(record, {
    isKnown,
    overLimit: why,
    seq: memory.known.size,
    stamping: options.stamping,
  });
  if (judgement.store !== null) remember(judgement.store, memory);
  return judgement;
}

async function whyTooMany(
  trigger: Trigger,
  { waiting, recent }: Memory,
  { limits }: StoreOptions,
): Promise<string | null> {
  const today = await recent.countBefore(trigger);
  return overLimit(trigger, { waiting: waiting.countElsewhere(trigger), today }, limits);
}

function remember(judged: Judged, { known, waiting, recent }: Memory): void {
  known.add(judged.key);
  if (judged.folder !== 'new') return;
  waiting.add(toWork(judged));
  if (judged.record.type === 'trigger') recent.add(judged.record as Trigger);
}

/**
 * A `drop` for a trigger that waits takes it back: its author may not ask for it any more, or its pull request was
 * closed. When it is claimed or over, the drop comes too late and is a duplicate like any other.
 */
async function withdraw(drop: Drop, { waiting }: Memory, options: StoreOptions): Promise<AnyRecord> {
  const { state, disk, locks, stamping } = options;
  const work = waiting.triggerOf(drop.key);
  if (work === undefined) return duplicate(drop, stamping);
  const storage = { disk, ...(locks && { locks }), folders: ['new'] as const };
  const isTakenBack = await settle(state, work.file, drop, storage);
  waiting.remove(work.file);
  return isTakenBack ? drop : duplicate(drop, stamping);
}

function toWork({ file, record }: Judged): Work {
  return { file, record: record as unknown as Work['record'] };
}

function tickOf(last: Item | undefined): Tick | null {
  const isTick = last?.incoming.kind === 'record' && last.incoming.record.type === 'tick';
  return isTick ? (last.incoming.record as Tick) : null;
}

/** Enrolment first: a cursor without it would make history of comments that were never answered. */
async function storeTick(tick: Tick, memory: Memory, { state, disk, log }: StoreOptions): Promise<void> {
  await storeEnrolled(state, tick.cursors, disk);
  await storeTicks(state, tick, disk);
  if (!memory.cursorsHeld) {
    await storeCursors(state, tick.cursors, disk);
    return;
  }
  if (!memory.saidHeld)
    log.warning('a line could not be read: cursors stay as they are until the next start');
  memory.saidHeld = true;
}
