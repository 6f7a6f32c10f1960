import type { Cancel } from '@ccci/lib/records/cancel.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { Waiting } from '@ccci/lib/state/order.ts';
import { deadClaims } from '@ccci/lib/state/queue.ts';
import { listWork, type Work, type WorkCache } from '@ccci/lib/state/work.ts';

/** What the queue holds at one moment. */
export type Look = {
  /** Triggers in `new`. */
  readonly waiting: readonly Waiting[];
  readonly cancels: readonly (Work & { readonly record: Cancel })[];
  /** Claims of somebody who died. */
  readonly dead: readonly Waiting[];
  /** Claims whose holder lives, ours and others'. */
  readonly held: readonly Trigger[];
};

/** Looks at the queue; whether a claim is dead is found out by taking its lock for a moment. */
export async function lookAtQueue(state: string, cache: WorkCache): Promise<Look> {
  const claims = (await listWork(state, 'cur', { cache })).filter(isTrigger);
  const dead = claims.length === 0 ? [] : await deadClaims(state);
  const work = await listWork(state, 'new', { cache });
  return {
    waiting: work.filter(isTrigger),
    cancels: work.filter(isCancel),
    dead: claims.filter(({ file }) => dead.includes(file)),
    held: claims.filter(({ file }) => !dead.includes(file)).map(({ record }) => record),
  };
}

/** What waits in `new`, of both kinds. */
export function inNew({ waiting, cancels }: Look): readonly (Trigger | Cancel)[] {
  return [...waiting, ...cancels].map(({ record }) => record);
}

/** What a trigger that waits may be overtaken by: all that has no end yet. */
export function rivalsIn(look: Look): readonly (Trigger | Cancel)[] {
  return [...inNew(look), ...look.dead.map(({ record }) => record), ...look.held];
}

function isTrigger(work: Work): work is Waiting {
  return work.record.type === 'trigger';
}

function isCancel(work: Work): work is Work & { readonly record: Cancel } {
  return work.record.type === 'cancel';
}
