import type { Trigger } from '@ccci/lib/records/trigger.ts';
import { isSameWork } from '@ccci/lib/state/work.ts';
import type { ReportAnswer } from './answer.ts';
import { type Entry, note } from './entry.ts';

/** Triggers that one run answers, or will answer: one status and one comment for all of them (triggers.md, step 15). */
export type Shared = {
  /** Whose run it is, as far as it has come. */
  readonly lead: Entry;
  /** All of them, the lead too. */
  readonly members: readonly Entry[];
};

/**
 * Puts triggers together: what is over by its run; what is not by its work, for what waits for the same will be
 * claimed together, or joins what runs. What was dropped stands alone.
 */
export function shareWork(entries: readonly Entry[]): readonly Shared[] {
  const groups: Entry[][] = [];
  for (const entry of entries.filter(({ record }) => record.type === 'trigger')) {
    const group = groups.find(([first]) => first !== undefined && isShared(first, entry));
    if (group === undefined) groups.push([entry]);
    else group.push(entry);
  }
  return groups.map((members) => ({ lead: leadOf(members), members }));
}

/** Notes the same for all that share, as far as it is not noted yet. */
export async function noteAll(
  { members }: Shared,
  where: Parameters<typeof note>[1],
  changes: (answer: ReportAnswer) => Partial<ReportAnswer> | null,
): Promise<void> {
  for (const entry of members) {
    const changed = changes(entry.answer);
    if (changed !== null) await note(entry, where, changed);
  }
}

export function isOpen({ members }: Shared): boolean {
  return members.some(({ answer }) => !answer.final);
}

function isShared(one: Entry, other: Entry): boolean {
  if (one.state === 'over' || other.state === 'over') {
    return one.view.results !== null && other.view.results !== null && one.view.run === other.view.run;
  }
  return isSameWork(one.record as Trigger, other.record as Trigger);
}

function leadOf(members: readonly Entry[]): Entry {
  const running = members.find(({ state }) => state === 'running');
  const named = members.find(({ view, key }) => view.run === key || view.run.startsWith(`${key}.`));
  return running ?? named ?? (members[0] as Entry);
}
