import { until } from '@ccci/lib/program/ending.ts';
import { exitStatus } from '@ccci/lib/program/failure.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import type { Outcome } from '@ccci/lib/program/outcome.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import type { Stamping } from '@ccci/lib/records/encode.ts';
import type { ErrorRecord } from '@ccci/lib/records/error.ts';
import type { Tick } from '@ccci/lib/records/tick.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { accept, clearTemporary, type Judged } from '@ccci/lib/state/accept.ts';
import { storeCursors } from '@ccci/lib/state/cursors.ts';
import { storeEnrolled } from '@ccci/lib/state/enrolled.ts';
import { type Disk, realDisk } from '@ccci/lib/state/files.ts';
import type { KeySet } from '@ccci/lib/state/key-set.ts';
import { openSeen } from '@ccci/lib/state/seen.ts';
import { unfinished } from '@ccci/lib/state/unfinished.ts';
import { duplicate, isSettled, judge } from './judge.ts';

export type DedupeOptions = {
  /** State directory; the caller holds `dedupe.lock`. */
  readonly state: string;
  readonly runs: string;
  readonly stamping: Stamping;
  readonly log: Log;
  readonly outcome: Outcome;
  /** Ends the reading. */
  readonly ending: AbortSignal;
  readonly disk?: Disk;
};

type Memory = {
  readonly known: KeySet;
  /** Set by a line that could not be read: it may have been a trigger, so no cursor may pass it. */
  cursorsHeld: boolean;
  saidHeld: boolean;
};

/** The input, once it is known which records are settled: all at once that came together. */
export type ReadInput = (isSettled: (record: AnyRecord) => boolean) => AsyncIterable<readonly Incoming[]>;

/**
 * Lets each trigger through once: first what an earlier life left unfinished, then the input, in order. Nothing is
 * given out before it is durable (triggers.md, steps 2 and 4; L03).
 */
export async function* dedupe(read: ReadInput, options: DedupeOptions): AsyncGenerator<readonly AnyRecord[]> {
  const { state, stamping, ending, disk = realDisk } = options;
  await clearTemporary(state, disk);
  const memory: Memory = {
    known: await openSeen(state, stamping.now, disk),
    cursorsHeld: false,
    saidHeld: false,
  };
  for await (const record of unfinished(options, disk)) yield [record];
  const input = read((record) => isSettled(record, memory.known));
  for await (const batch of until(input, ending)) {
    for (const part of endedByTicks(batch)) yield* store(part, memory, options);
  }
}

/** A cursor speaks for everything before it, so its tick waits until that is durable. */
function* endedByTicks(batch: readonly Incoming[]): Generator<readonly Incoming[]> {
  let part: Incoming[] = [];
  for (const incoming of batch) {
    part.push(incoming);
    if (!isTick(incoming)) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

async function* store(
  part: readonly Incoming[],
  memory: Memory,
  { state, stamping, disk = realDisk, log, outcome }: DedupeOptions,
): AsyncGenerator<readonly AnyRecord[]> {
  const stamp = { by: stamping.by, at: stamping.now().toISOString() };
  const outputs: AnyRecord[] = [];
  const judged: Judged[] = [];
  for (const incoming of part) {
    if (incoming.kind === 'settled') outputs.push(duplicate(incoming.record, stamp));
    else if (incoming.kind === 'record') {
      const { output, store } = judge(incoming.record, memory.known, stamp);
      outputs.push(output);
      if (store === null) continue;
      judged.push(store);
      memory.known.add(store.key);
    } else {
      outputs.push(incoming.record);
      if (incoming.kind === 'bad') noteBad(incoming.record, memory, { log, outcome });
    }
  }
  await accept(state, judged, { now: stamping.now, disk });
  const last = part.at(-1);
  const tick = last !== undefined && isTick(last) ? (last.record as Tick) : undefined;
  if (tick === undefined) return yield outputs;
  // What comes before the tick does not wait for it.
  yield outputs.slice(0, -1);
  await storeTick(tick, memory, { state, disk, log });
  yield [tick];
}

function noteBad(
  { message, hint }: ErrorRecord,
  memory: Memory,
  { log, outcome }: Pick<DedupeOptions, 'log' | 'outcome'>,
): void {
  log.error(message, hint);
  outcome.note(exitStatus.badInput);
  memory.cursorsHeld = true;
}

/** Enrolment first: a cursor without it would make history of comments that were never answered. */
async function storeTick(
  { cursors }: Tick,
  memory: Memory,
  { state, disk, log }: { readonly state: string; readonly disk: Disk; readonly log: Log },
): Promise<void> {
  await storeEnrolled(state, cursors, disk);
  if (!memory.cursorsHeld) {
    await storeCursors(state, cursors, disk);
    return;
  }
  if (!memory.saidHeld)
    log.warning('a line could not be read: cursors stay as they are until the next start');
  memory.saidHeld = true;
}

function isTick(incoming: Incoming): boolean {
  return incoming.kind === 'record' && incoming.record.type === 'tick';
}
