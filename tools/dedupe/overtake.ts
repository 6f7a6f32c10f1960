import type { Drop } from '@ccci/lib/records/drop.ts';
import { dropOf } from '@ccci/lib/records/drop-of.ts';
import type { Stamping } from '@ccci/lib/records/encode.ts';
import type { Storage } from '@ccci/lib/state/journal.ts';
import { overtakenBy } from '@ccci/lib/state/overtaken.ts';
import { settle } from '@ccci/lib/state/queue.ts';
import type { Work } from '@ccci/lib/state/work.ts';
import type { WaitingIndex } from './waiting.ts';

export type OvertakeOptions = {
  readonly state: string;
  readonly waiting: WaitingIndex;
  readonly stamping: Stamping;
  readonly storage: Storage;
};

/**
 * Drops what still waits and is overtaken by what was accepted now (triggers.md, step 14); gives the drops. What
 * somebody has claimed meanwhile is left: its stage sees the newer one in the queue.
 */
export async function overtake(
  accepted: readonly Work[],
  options: OvertakeOptions,
): Promise<readonly Drop[]> {
  const { state, waiting, stamping, storage } = options;
  const drops: Drop[] = [];
  for (const { record: newer } of accepted) {
    for (const { file, record } of waiting.besides(newer)) {
      const overtaken = overtakenBy(record, [newer]);
      if (overtaken === null) continue;
      const drop = dropOf(record, overtaken, stamping);
      if (await settle(state, file, drop, { ...storage, folders: ['new'] })) drops.push(drop);
      waiting.remove(file);
    }
  }
  return drops;
}
