import type { Trigger } from '@ccci/lib/records/trigger.ts';

/** How much one person may ask for (security.md, comments as denial of service). */
export type Limits = { readonly waitingPerPerson: number; readonly runsPerDay: number };

export type Asked = {
  /** Triggers of the person that wait on other pull requests: on one, the newer takes the older one's place. */
  readonly waiting: number;
  /** Triggers of the person that were accepted in the 24 hours before. */
  readonly today: number;
};

/** Why a trigger is one too many, in words; null when it is not. Pure. */
export function overLimit(
  { comment }: Trigger,
  { waiting, today }: Asked,
  { waitingPerPerson, runsPerDay }: Limits,
): string | null {
  const who = comment?.author ?? 'somebody';
  if (waiting >= waitingPerPerson) {
    return `${who} has ${waiting} triggers waiting on other pull requests, and ${waitingPerPerson} may wait at a time; ask again when one of them has begun`;
  }
  if (today < runsPerDay) return null;
  return `${who} has had ${today} triggers in 24 hours, and ${runsPerDay} are allowed; ask again later`;
}
