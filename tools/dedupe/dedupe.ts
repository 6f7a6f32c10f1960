import { until } from '@ccci/lib/program/ending.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import type { Outcome } from '@ccci/lib/program/outcome.ts';
import { type Stamping, stamp } from '@ccci/lib/records/encode.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import type { Place } from '@ccci/lib/runs/place.ts';
import { clearTemporary } from '@ccci/lib/state/accept.ts';
import { type Disk, realDisk } from '@ccci/lib/state/files.ts';
import type { Locks } from '@ccci/lib/state/lock.ts';
import { unfinished } from '@ccci/lib/state/unfinished.ts';
import type { QueueCounter } from './count.ts';
import type { Batch } from './inbox.ts';
import type { Limits } from './limits.ts';
import { isSettled, openMemory } from './memory.ts';
import { store } from './store.ts';

export type DedupeOptions = {
  /** State directory; the caller holds `dedupe.lock`. */
  readonly state: string;
  readonly runs: string;
  /** True where stage and report look into the directory: triggers, cancels and places are not written out. */
  readonly isSpool: boolean;
  readonly limits: Limits;
  readonly stamping: Stamping;
  readonly log: Log;
  readonly outcome: Outcome;
  /** Ends the reading. */
  readonly ending: AbortSignal;
  /** Where a trigger stands in the queue; null when it does not wait (any more). */
  readonly placeOf: (file: string) => Promise<Place | null>;
  readonly disk?: Disk;
  readonly locks?: Locks;
  /** Counts what is stored. */
  readonly counter?: QueueCounter;
};

/** The input and the inbox, once it is known which records are settled: all at once that came together. */
export type ReadInput = (isSettled: (record: AnyRecord) => boolean) => AsyncIterable<Batch>;

/**
 * Lets each trigger through once: first what an earlier life left unfinished, then the input, in order. Nothing is
 * given out before it is durable (triggers.md, steps 2 and 4; L03).
 */
export async function* dedupe(read: ReadInput, options: DedupeOptions): AsyncGenerator<readonly AnyRecord[]> {
  const { state, ending, isSpool, disk = realDisk } = options;
  await clearTemporary(state, disk);
  const memory = await openMemory({ ...options, disk });
  if (!isSpool) {
    const storage = { disk, ...(options.locks && { locks: options.locks }) };
    for await (const record of unfinished(options, storage)) yield [record];
  }
  const input = read((record) => isSettled(record, memory));
  for await (const batch of until(input, ending)) {
    for await (const records of store(batch, memory, { ...options, disk })) {
      options.counter?.note(records);
      yield isSpool ? records.filter((record) => !isForReaders(record)) : records;
      if (!isSpool) yield* places(records, options);
    }
    await options.counter?.write();
  }
  await options.counter?.write(true);
}

/** In a flood nobody is told places by a record: report tells them all the same. */
const mostPlaces = 8;

/** Who has to wait is told so: its place, behind whom, and for how long. */
async function* places(
  records: readonly AnyRecord[],
  { placeOf, stamping }: DedupeOptions,
): AsyncGenerator<readonly AnyRecord[]> {
  const triggers = records.filter(({ type, spool }) => type === 'trigger' && typeof spool === 'string');
  if (triggers.length > mostPlaces) return;
  for (const { key, spool } of triggers) {
    const found = await placeOf(String(spool));
    if (found !== null && found.behind !== null) yield [stamp({ type: 'queued', key, ...found }, stamping)];
  }
}

/** What the readers of a pipe are told, and who looks into the directory finds there. */
function isForReaders({ type, spool }: AnyRecord): boolean {
  return type === 'queued' || spool !== undefined;
}
