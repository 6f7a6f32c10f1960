import type { Trigger } from '@ccci/lib/records/trigger.ts';
import { pullOf, type Work } from '@ccci/lib/state/work.ts';

/** What lies in the queue: read, never written. */
export type QueuedWork = { readonly waiting: readonly Work[]; readonly running: readonly Work[] };

export const noWork: QueuedWork = { waiting: [], running: [] };

/** Triggers of the queue by their pull request (`<forge>/<owner>/<name>#<number>`); sweeps of a tip have none. */
export function byPull({ waiting, running }: QueuedWork): ReadonlyMap<string, readonly Trigger[]> {
  const pulls = new Map<string, Trigger[]>();
  for (const trigger of triggersOf([...waiting, ...running])) {
    const pull = pullOf(trigger);
    if (pull !== null) pulls.set(pull, [...(pulls.get(pull) ?? []), trigger]);
  }
  return pulls;
}

/** The triggers among them: a `cancel` lies in the queue too. */
export function triggersOf(work: readonly Work[]): readonly Trigger[] {
  return work.flatMap(({ record }) => (record.type === 'trigger' ? [record] : []));
}
