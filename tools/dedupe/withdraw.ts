import type { Drop } from '@ccci/lib/records/drop.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { settle } from '@ccci/lib/state/queue.ts';
import { duplicate, type Stamp } from './judge.ts';
import type { StoreOptions } from './store.ts';
import type { WaitingIndex } from './waiting.ts';

/**
 * Takes a trigger that waits back, because its author may not ask for it any more. When it is claimed or over, the drop
 * comes too late and is a duplicate like any other.
 */
export async function withdraw(
  drop: Drop,
  waiting: WaitingIndex,
  stamp: Stamp,
  { state, disk, locks }: StoreOptions,
): Promise<AnyRecord> {
  const work = waiting.triggerOf(drop.key);
  if (work === undefined) return duplicate(drop, stamp);
  const storage = { disk, ...(locks && { locks }), folders: ['new'] as const };
  const isTakenBack = await settle(state, work.file, drop, storage);
  waiting.remove(work.file);
  return isTakenBack ? drop : duplicate(drop, stamp);
}
