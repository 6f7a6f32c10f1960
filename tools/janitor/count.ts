import type { Metrics } from '@ccci/lib/metrics/open.ts';
import type { Did } from '@ccci/lib/records/janitor.ts';
import { readDiskSpace } from '@ccci/lib/runs/disk-space.ts';
import { listClosedSlots } from '@ccci/lib/state/closed-slots.ts';
import type { JanitorOptions } from './janitor.ts';

/** How often each was done in one go. */
export type Tally = Record<Did, number>;

export function makeTally(): Tally {
  return { removed: 0, left: 0, kept: 0, requeued: 0, finished: 0, opened: 0 };
}

/** Writes what a go of the janitor came to, and how the disk is then. */
export async function writeTally(
  tally: Tally,
  { state, runs, now }: Pick<JanitorOptions, 'state' | 'runs' | 'now'>,
  metrics: Metrics,
): Promise<void> {
  if (!metrics.isOn) return;
  const closed = (await listClosedSlots(state)).length;
  const places = Object.entries({ runs, state });
  const spaces = await Promise.all(
    places.map(async ([where, path]) => ({ where, space: await readDiskSpace(path).catch(() => null) })),
  );
  await metrics.update(({ add, set }) => {
    set('ccci_janitor_last_run_timestamp_seconds', now().getTime() / 1000);
    set('ccci_leftovers', tally.left);
    set('ccci_runs_kept', tally.kept);
    set('ccci_slots_closed', closed);
    add('ccci_janitor_removed_total', tally.removed);
    for (const { where, space } of spaces) {
      if (space === null) continue;
      set('ccci_disk_free_bytes', space.freeBytes, { where });
      set('ccci_disk_used_ratio', space.usedPercent / 100, { where });
    }
  });
}
