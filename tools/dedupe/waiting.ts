import type { Cancel } from '@ccci/lib/records/cancel.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { Judged } from '@ccci/lib/state/accept.ts';
import type { Disk } from '@ccci/lib/state/files.ts';
import { listQueue } from '@ccci/lib/state/queue.ts';
import { listWork, pullOf, type Work } from '@ccci/lib/state/work.ts';

/** What waits in the queue, as far as dedupe knows: what others took away since is found out by `refresh`. */
export type WaitingIndex = {
  readonly add: (work: Work) => void;
  readonly remove: (file: string) => void;
  /** Forgets what is in `new` no more; costs one look at the folder. */
  readonly refresh: () => Promise<void>;
  /** The trigger that waits under a key. */
  readonly triggerOf: (key: string) => Work | undefined;
  /** Triggers on the pull request of a record, the record itself excepted. */
  readonly besides: (record: Trigger | Cancel) => readonly (Work & { readonly record: Trigger })[];
  /** How many triggers of one person wait on other pull requests than this one. */
  readonly countElsewhere: (trigger: Trigger) => number;
};

/** Reads what waits now. */
export async function openWaiting(state: string, disk: Disk): Promise<WaitingIndex> {
  const byKey = new Map<string, Work>();
  for (const work of await listWork(state, 'new', { disk })) byKey.set(work.record.key, work);
  const triggers = () => [...byKey.values()].filter(isTrigger);
  return {
    add: (work) => void byKey.set(work.record.key, work),
    remove: (file) => {
      for (const [key, work] of byKey) if (work.file === file) byKey.delete(key);
    },
    refresh: async () => {
      if (byKey.size === 0) return;
      const there = new Set(await listQueue(state, 'new', disk));
      for (const [key, { file }] of byKey) if (!there.has(file)) byKey.delete(key);
    },
    triggerOf: (key) => {
      const work = byKey.get(key);
      return work?.record.type === 'trigger' ? work : undefined;
    },
    besides: (record) => {
      const pull = pullOf(record);
      if (pull === null) return [];
      return triggers().filter((work) => work.record.key !== record.key && pullOf(work.record) === pull);
    },
    countElsewhere: (trigger) =>
      triggers().filter(({ record }) => isSamePerson(record, trigger) && pullOf(record) !== pullOf(trigger))
        .length,
  };
}

/** Whose comment it was, on one forge; nobody wrote a sweep. */
export function personOf({ forge, comment }: Trigger): string | null {
  return comment === undefined ? null : `${forge}/${comment.author}`.toLowerCase();
}

function isSamePerson(one: Trigger, other: Trigger): boolean {
  return personOf(one) !== null && personOf(one) === personOf(other);
}

function isTrigger(work: Work): work is Work & { readonly record: Trigger } {
  return work.record.type === 'trigger';
}

/** What was judged as something that waits. */
export function toWork({ file, record }: Judged): Work {
  return { file, record: record as unknown as Work['record'] };
}
