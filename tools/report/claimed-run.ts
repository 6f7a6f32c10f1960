import type { Claim } from '@ccci/lib/records/claim.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { isSameWork } from '@ccci/lib/state/work.ts';

/** True for a run id that is safe as the name of a folder: `..` and hidden names are not. */
export function isRunId(run: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{0,99}$/.test(run);
}

/** True for a run of this key: the key itself, and `.2`, `.3` behind it for further claims. */
export function isRunOf(run: string, key: string): boolean {
  return isRunId(run) && run.startsWith(key) && /^(\.\d+)?$/.test(run.slice(key.length));
}

/**
 * The run that answers a trigger, as its last claim says; the key where none can be believed. The run of another key
 * is believed only where the claim names both keys and the other was accepted for the same work (triggers.md, step
 * 15): a confused or hostile stage must not show us the run of another pull request (security.md, confused reporter).
 */
export async function claimedRun(
  trigger: Trigger,
  journal: readonly AnyRecord[],
  findAccepted: (key: string) => Promise<AnyRecord | undefined>,
): Promise<string> {
  const claim = journal.findLast((record) => record.type === 'claim') as Partial<Claim> | undefined;
  const { run, keys } = claim ?? {};
  const { key } = trigger;
  if (typeof run !== 'string' || isRunOf(run, key)) return run ?? key;
  const named = Array.isArray(keys) ? keys.filter((one) => typeof one === 'string') : [];
  const first = named.find((one) => isRunOf(run, one));
  if (first === undefined || !named.includes(key)) return key;
  const other = await findAccepted(first);
  return other?.type === 'trigger' && isSameWork(other as Trigger, trigger) ? run : key;
}
