import type { Cancel } from '@ccci/lib/records/cancel.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { Judged } from '@ccci/lib/state/accept.ts';
import type { Disk } from '@ccci/lib/state/files.ts';
import { listQueue } from '@ccci/lib/state/queue.ts';
import { listWork, pullOf, type Work } from '@ccci/lib/state/work.ts';

/** A trigger that waits. */
export type WaitingTrigger = Work & { readonly record: Trigger };

/** Triggers that wait in the queue, as far as dedupe knows: what others took since is found out by `refresh`. */
export type WaitingIndex = {
  readonly add: (work: Work) => void;
  readonly remove: (file: string) => void;
  /** Forgets what is in `new` no more; costs one look at the folder. */
  readonly refresh: () => Promise<void>;
  /** The trigger that waits under a key. */
  readonly triggerOf: (key: string) => Work | undefined;
  /** Triggers on the pull request of a record, the record itself excepted. */
  readonly besides: (record: Trigger | Cancel) => readonly WaitingTrigger[];
  /** How many triggers of one person wait on other pull requests than this one. */
  readonly countElsewhere: (trigger: Trigger) => number;
};

/** Reads what waits now. By pull request and person, so that each new trigger costs the same however many wait. */
export async function openWaiting(state: string, disk: Disk): Promise<WaitingIndex> {
  const byFile = new Map<string, WaitingTrigger>();
  const byKey = new Map<string, WaitingTrigger>();
  const byPull: Groups = new Map();
  const byPerson: Groups = new Map();
  const add = (work: Work) => {
    if (!isTrigger(work)) return;
    byFile.set(work.file, work);
    byKey.set(work.record.key, work);
    put(byPull, pullOf(work.record), work);
    put(byPerson, personOf(work.record), work);
  };
  const remove = (file: string) => {
    const work = byFile.get(file);
    if (work === undefined) return;
    byFile.delete(file);
    byKey.delete(work.record.key);
    take(byPull, pullOf(work.record), work);
    take(byPerson, personOf(work.record), work);
  };
  for (const work of await listWork(state, 'new', { disk })) add(work);
  return {
    add,
    remove,
    refresh: async () => {
      if (byFile.size === 0) return;
      const there = new Set(await listQueue(state, 'new', disk));
      for (const file of byFile.keys()) if (!there.has(file)) remove(file);
    },
    triggerOf: (key) => byKey.get(key),
    besides: (record) =>
      [...(byPull.get(pullOf(record) ?? '') ?? [])].filter((work) => work.record.key !== record.key),
    countElsewhere: (trigger) => {
      const pull = pullOf(trigger);
      const own = [...(byPerson.get(personOf(trigger) ?? '') ?? [])];
      return own.filter(({ record }) => pullOf(record) !== pull).length;
    },
  };
}

/** Whose comment it was, on one forge; nobody wrote a sweep. */
export function personOf({ forge, comment }: Trigger): string | null {
  return comment === undefined ? null : `${forge}/${comment.author}`.toLowerCase();
}

/** What was judged as something that waits. */
export function toWork({ file, record }: Judged): Work {
  return { file, record: record as unknown as Work['record'] };
}

type Groups = Map<string, Set<WaitingTrigger>>;

function put(groups: Groups, name: string | null, work: WaitingTrigger): void {
  if (name === null) return;
  const group = groups.get(name);
  if (group === undefined) groups.set(name, new Set([work]));
  else group.add(work);
}

function take(groups: Groups, name: string | null, work: WaitingTrigger): void {
  const group = groups.get(name ?? '');
  group?.delete(work);
  if (name !== null && group?.size === 0) groups.delete(name);
}

function isTrigger(work: Work): work is WaitingTrigger {
  return work.record.type === 'trigger';
}
