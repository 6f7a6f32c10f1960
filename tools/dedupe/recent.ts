import { compactInstant } from '@ccci/lib/records/keys.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import { listAccepted, readAccepted } from '@ccci/lib/state/accepted.ts';
import type { Disk } from '@ccci/lib/state/files.ts';
import { personOf } from './waiting.ts';

const dayMs = 86_400_000;

/** Who had how many triggers accepted lately. */
export type Recent = {
  readonly add: (trigger: Trigger) => void;
  /** How many of the same person were written in the 24 hours before this trigger's comment. */
  readonly countBefore: (trigger: Trigger) => Promise<number>;
};

/** Reads the accepted triggers of the last day when somebody asks for the first time. */
export function openRecent(
  state: string,
  { disk, now }: { readonly disk: Disk; readonly now: () => Date },
): Recent {
  const times = new Map<string, Map<string, number>>();
  const add = (trigger: Trigger) => {
    const person = personOf(trigger);
    if (person === null) return;
    const own = times.get(person) ?? new Map<string, number>();
    times.set(person, own.set(trigger.key, askedAt(trigger)));
  };
  let loading: Promise<void> | undefined;
  const load = async () => {
    // Comments that were written while nobody listened are older than they are known: two days are read.
    const since = compactInstant(new Date(now().getTime() - 2 * dayMs));
    for (const file of (await listAccepted(state, disk)).filter((name) => name >= since)) {
      const record = await readAccepted(state, file, disk);
      if (record?.type === 'trigger') add(record as Trigger);
    }
  };
  return {
    add,
    countBefore: async (trigger) => {
      loading ??= load();
      await loading;
      const own = times.get(personOf(trigger) ?? '') ?? new Map<string, number>();
      const at = askedAt(trigger);
      for (const [key, then] of own) if (then <= at - 2 * dayMs) own.delete(key);
      return [...own].filter(([key, then]) => key !== trigger.key && then > at - dayMs && then <= at).length;
    },
  };
}

function askedAt({ comment, at }: Trigger): number {
  return Date.parse(comment?.created ?? at);
}
