import { exitStatus } from '@ccci/lib/program/failure.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import type { Drop } from '@ccci/lib/records/drop.ts';
import type { ErrorRecord } from '@ccci/lib/records/error.ts';
import type { Tick } from '@ccci/lib/records/tick.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { accept, type Judged } from '@ccci/lib/state/accept.ts';
import { storeCursors } from '@ccci/lib/state/cursors.ts';
import { storeEnrolled } from '@ccci/lib/state/enrolled.ts';
import type { Disk } from '@ccci/lib/state/files.ts';
import { storeTicks } from '@ccci/lib/state/ticks.ts';
import type { DedupeOptions } from './dedupe.ts';
import type { Batch } from './inbox.ts';
import { duplicate, isCounted, isJudged, type Judgement, judge, type Stamp, takesBack } from './judge.ts';
import { overLimit } from './limits.ts';
import type { Memory } from './memory.ts';
import { overtake } from './overtake.ts';
import { toWork } from './waiting.ts';
import { withdraw } from './withdraw.ts';

export type StoreOptions = DedupeOptions & { readonly disk: Disk };

/**
 * Judges lines that came together, makes what is new durable, and gives what is to be said then, in order: nothing is
 * said before it is stored. A tick is stored, and given, when all before it is.
 */
export async function* store(
  { lines, remove }: Batch,
  memory: Memory,
  options: StoreOptions,
): AsyncGenerator<readonly AnyRecord[]> {
  for (const part of endedByTicks(lines)) {
    yield await storePart(part, memory, { ...options, isInput: remove === null });
    const tick = tickOf(part.at(-1));
    if (tick === null) continue;
    await storeTick(tick, memory, options);
    yield [tick];
  }
  await remove?.();
}

/** A cursor speaks for everything before it, so its tick waits until that is durable. */
function* endedByTicks(lines: readonly Incoming[]): Generator<readonly Incoming[]> {
  let part: Incoming[] = [];
  for (const line of lines) {
    part.push(line);
    if (tickOf(line) === null) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

type PartOptions = StoreOptions & { readonly isInput: boolean };

async function storePart(
  part: readonly Incoming[],
  memory: Memory,
  options: PartOptions,
): Promise<readonly AnyRecord[]> {
  const { state, stamping, disk, locks } = options;
  const stamp = { by: stamping.by, at: stamping.now().toISOString() };
  const outputs: AnyRecord[] = [];
  const judged: Judged[] = [];
  let isRefreshed = false;
  for (const line of part) {
    if (line.kind === 'settled') {
      outputs.push(duplicate(line.record, stamp));
      continue;
    }
    if (line.kind === 'record' && isJudged(line.record) && !isRefreshed) {
      await memory.waiting.refresh();
      isRefreshed = true;
    }
    const { output, store: one } = await judgeLine(line, memory, stamp, options);
    if (output.type !== 'tick') outputs.push(output);
    if (one !== null) judged.push(one);
  }
  const accepted = judged.filter(({ folder }) => folder === 'new').map(toWork);
  const storage = { disk, ...(locks && { locks }) };
  let overtaken: readonly Drop[] = [];
  await accept(state, judged, {
    now: stamping.now,
    disk,
    beforeSeen: async () => {
      overtaken = await overtake(accepted, { state, waiting: memory.waiting, stamping, storage });
    },
  });
  return [...outputs, ...overtaken];
}

async function judgeLine(
  line: Incoming,
  memory: Memory,
  stamp: Stamp,
  options: PartOptions,
): Promise<Judgement> {
  if (line.kind === 'bad') noteBad(line.record, memory, options);
  if (line.kind !== 'record') return { output: line.record, store: null };
  const { record } = line;
  const isKnown = isJudged(record) && memory.known.has(String(record.key));
  if (isKnown && takesBack(record)) {
    return { output: await withdraw(record as Drop, memory.waiting, stamp, options), store: null };
  }
  const why = !isKnown && isCounted(record) ? await whyTooMany(record, memory, options) : null;
  const judgement = judge(record, { isKnown, overLimit: why, seq: memory.known.size, stamp });
  if (judgement.store !== null) remember(judgement.store, memory);
  return judgement;
}

/** It may have been a trigger, so from now on no cursor passes it; no cursor speaks for the inbox. */
function noteBad({ message, hint }: ErrorRecord, memory: Memory, options: PartOptions): void {
  options.log.error(message, hint);
  options.outcome.note(exitStatus.badInput);
  memory.cursorsHeld ||= options.isInput;
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

function tickOf(line: Incoming | undefined): Tick | null {
  return line?.kind === 'record' && line.record.type === 'tick' ? (line.record as Tick) : null;
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
