import type { Cancel } from '@ccci/lib/records/cancel.ts';
import { dropOf } from '@ccci/lib/records/drop-of.ts';
import type { Stamping } from '@ccci/lib/records/encode.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import { isSamePull } from '@ccci/lib/state/work.ts';

/** Triggers that nobody queued and that wait for a slot, in the order in which they came. */
export type Hands = {
  readonly add: (trigger: Trigger) => void;
  readonly next: () => Trigger | undefined;
  readonly count: () => number;
  /** Takes out those on the pull request of a cancel, or all of them; what to say of each. */
  readonly drop: (why: string, cancel?: Cancel) => readonly object[];
};

export function makeHands(stamping: Stamping): Hands {
  let waiting: Trigger[] = [];
  return {
    add: (trigger) => void waiting.push(trigger),
    next: () => waiting.shift(),
    count: () => waiting.length,
    drop: (detail, cancel) => {
      const isMeant = (trigger: Trigger) => cancel === undefined || isSamePull(trigger, cancel);
      const dropped = waiting.filter(isMeant);
      waiting = waiting.filter((trigger) => !isMeant(trigger));
      return dropped.map((trigger) => dropOf(trigger, { reason: 'cancelled', detail }, stamping));
    },
  };
}
