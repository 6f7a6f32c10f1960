import type { Cancel } from '../records/cancel.ts';
import type { Trigger } from '../records/trigger.ts';
import { isNewer, isSamePull, isSameWork } from './work.ts';

/** What ends a trigger from outside, and why in words. */
export type Overtaken = {
  readonly reason: 'superseded' | 'cancelled';
  readonly detail: string;
};

/**
 * Whether a trigger that waits is overtaken by something that was accepted later for its pull request: a cancel, or
 * another trigger, whose commit is tested in its place; of one commit too where it asks for something else, because
 * one waits per pull request (triggers.md, step 14; security.md, comments as denial of service). Null when it is not.
 */
export function overtakenBy(trigger: Trigger, others: readonly (Trigger | Cancel)[]): Overtaken | null {
  return newest(trigger, others, (other) => !isSameWork(trigger, other));
}

/**
 * The same for triggers that run together. Another wish for the commit that runs waits for its end; only another
 * commit or a cancel ends a run. A push alone never does.
 */
export function endedByNewer(
  triggers: readonly [Trigger, ...Trigger[]],
  others: readonly (Trigger | Cancel)[],
): Overtaken | null {
  const last = triggers.reduce((one, other) => (isNewer(other, one) ? other : one));
  return newest(last, others, (other) => other.ref !== last.ref);
}

/** A cancel counts more than a newer trigger: the newer one runs all the same. */
function newest(
  trigger: Trigger,
  others: readonly (Trigger | Cancel)[],
  isRival: (other: Trigger) => boolean,
): Overtaken | null {
  const newer = others.filter((other) => isSamePull(trigger, other) && isNewer(other, trigger));
  const cancel = newer.find(isCancel);
  if (cancel !== undefined) return { reason: 'cancelled', detail: whyCancelled(cancel) };
  const rival = newer.filter((other) => !isCancel(other)).find((other) => isRival(other as Trigger));
  return rival === undefined
    ? null
    : { reason: 'superseded', detail: whySuperseded(rival as Trigger, trigger) };
}

function isCancel(record: Trigger | Cancel): record is Cancel {
  return record.type === 'cancel';
}

function whyCancelled({ why, comment: { author } }: Cancel): string {
  return why === 'closed' ? `${author} closed the pull request` : `cancelled by ${author}`;
}

function whySuperseded({ ref, comment }: Trigger, older: Trigger): string {
  const who = comment === undefined ? 'a newer trigger' : `${comment.author}'s newer comment`;
  return ref === older.ref
    ? `${who} asks for another test of this commit`
    : `${who} asks for ${ref.slice(0, 12)}`;
}
