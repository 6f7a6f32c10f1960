import type { AnyRecord } from '@ccci/lib/records/types.ts';
import type { Disk } from '@ccci/lib/state/files.ts';
import type { KeySet } from '@ccci/lib/state/key-set.ts';
import { openSeen } from '@ccci/lib/state/seen.ts';
import { readWork, type Work } from '@ccci/lib/state/work.ts';
import type { DedupeOptions } from './dedupe.ts';
import { isJudged, takesBack } from './judge.ts';
import { overtake } from './overtake.ts';
import { openRecent, type Recent } from './recent.ts';
import { openWaiting, type WaitingIndex } from './waiting.ts';

/** What dedupe knows while it runs. */
export type Memory = {
  readonly known: KeySet;
  readonly waiting: WaitingIndex;
  readonly recent: Recent;
  /** Set by a line that could not be read: it may have been a trigger, so no cursor may pass it. */
  cursorsHeld: boolean;
  saidHeld: boolean;
};

/**
 * Reads what is known. A queue file whose key has no line in `seen.ndjson` was accepted when an earlier life ended:
 * what it overtakes may not be dropped yet, so that is done before its line is written.
 */
export async function openMemory(options: DedupeOptions & { readonly disk: Disk }): Promise<Memory> {
  const { state, stamping, disk, locks } = options;
  const waiting = await openWaiting(state, disk);
  const followUp = async (files: readonly string[]) => {
    const accepted: Work[] = [];
    for (const file of files) {
      const record = await readWork(state, file, { disk });
      if (record !== null) accepted.push({ file, record });
    }
    await overtake(accepted, { state, waiting, stamping, storage: { disk, ...(locks && { locks }) } });
  };
  return {
    known: await openSeen(state, stamping.now, disk, followUp),
    waiting,
    recent: openRecent(state, { disk, now: stamping.now }),
    cursorsHeld: false,
    saidHeld: false,
  };
}

/**
 * Whether a record is a duplicate whatever its other fields say: then they need not be valid. Not a drop that takes a
 * waiting trigger back.
 */
export function isSettled(record: AnyRecord, { known, waiting }: Pick<Memory, 'known' | 'waiting'>): boolean {
  const { key } = record;
  if (!isJudged(record) || typeof key !== 'string' || !known.has(key)) return false;
  return !takesBack(record) || waiting.triggerOf(key) === undefined;
}
