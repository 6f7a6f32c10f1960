import { triggerExample } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { accept } from '@ccci/lib/state/accept.ts';
import { listAccepted } from '@ccci/lib/state/accepted.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { queueName } from '@ccci/lib/state/names.ts';

export const instant = '2026-11-23T10:20:00.000Z';
export const now = (): Date => new Date(instant);
export const stamping = { by: 'ccci-test/0.0.0', now };

/** A trigger of its own comment, written so many seconds after the first. */
export function triggerOf(id: number, seconds = id): AnyRecord {
  const created = new Date(Date.UTC(2026, 10, 23, 10, 0, seconds)).toISOString().replace('.000Z', 'Z');
  const pr = { ...triggerExample.pr, number: id };
  return { ...triggerExample, key: `gitea-${id}`, pr, comment: { ...triggerExample.comment, id, created } };
}

/** The same on a pull request that others may have too, with what else is told. */
export function onPull(pull: number, id: number, more: object = {}): AnyRecord {
  const trigger = triggerOf(id);
  return { ...trigger, pr: { ...(trigger.pr as object), number: pull }, ...more };
}

/** A prepared state in which these triggers wait; returns the names of their files. */
export async function stateWith(state: string, ...triggers: readonly AnyRecord[]): Promise<string[]> {
  await prepareState(state);
  const first = (await listAccepted(state)).length;
  const judged = triggers.map((trigger, index) => {
    const file = queueName(trigger);
    const record = { ...trigger, spool: file, seq: first + index };
    return { file, key: String(trigger.key), record, folder: 'new' as const };
  });
  await accept(state, judged, { now });
  return judged.map(({ file }) => file);
}
