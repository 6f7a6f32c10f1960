import type { Drop, DropReason } from './drop.ts';
import { type Stamping, stamp } from './encode.ts';
import type { Trigger } from './trigger.ts';

/** What is said of a trigger that will not run, with all that is needed to answer it. */
export function dropOf(
  { key, forge, owner, name, pr, comment }: Trigger,
  { reason, detail }: { readonly reason: DropReason; readonly detail: string },
  stamping: Stamping,
): Drop {
  return stamp({ type: 'drop', key, reason, detail, forge, owner, name, pr, comment }, stamping) as Drop;
}
