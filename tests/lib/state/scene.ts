import { triggerExample } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { accept } from '@ccci/lib/state/accept.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { queueName } from '@ccci/lib/state/names.ts';

export const instant = '2026-11-23T10:20:00.000Z';
export const now = (): Date => new Date(instant);
export const stamping = { by: 'ccci-test/0.0.0', now };

/** A trigger of its own comment, written so many seconds after the first. */
export function triggerOf(id: number, seconds = id): AnyRecord {
  const created = new Date(Date.UTC(2026, 10, 23, 10, 0, seconds)).toISOString().replace('.000Z', 'Z');
  return { ...triggerExample, key: `gitea-${id}`, comment: { ...triggerExample.comment, id, created } };
}

/** A prepared state in which these triggers wait; returns the names of their files. */
export async function stateWith(state: string, ...triggers: readonly AnyRecord[]): Promise<string[]> {
  await prepareState(state);
  const judged = triggers.map((trigger) => {
    const file = queueName(trigger);
    return { file, key: String(trigger.key), record: { ...trigger, spool: file }, folder: 'new' as const };
  });
  await accept(state, judged, { now });
  return judged.map(({ file }) => file);
}
