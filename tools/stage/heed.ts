import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { Waiting } from '@ccci/lib/state/order.ts';
import { endedByNewer, overtakenBy } from '@ccci/lib/state/overtaken.ts';
import { isSameWork } from '@ccci/lib/state/work.ts';
import type { Active } from './active.ts';
import { inNew, type Look, rivalsIn } from './look.ts';

/**
 * What the queue says to runs that go on (triggers.md, step 14): a cancel, or another commit of the pull request,
 * ends one; a trigger for the same commit with the same options joins it.
 */
export async function heed(active: ReadonlySet<Active>, look: Look): Promise<void> {
  const others = inNew(look);
  for (const { triggers, claimed, signal, end } of active) {
    if (claimed === null || signal.aborted) continue;
    const ended = endedByNewer(triggers, others);
    if (ended !== null) end({ verdict: ended.reason, why: ended.detail });
    else for (const one of equals(triggers[0], look)) await join(one, triggers, claimed.join);
  }
}

function equals(trigger: Trigger, look: Look): Waiting[] {
  const rivals = rivalsIn(look);
  return look.waiting.filter(
    ({ record }) => isSameWork(record, trigger) && overtakenBy(record, rivals) === null,
  );
}

async function join(
  { file }: Waiting,
  triggers: Active['triggers'],
  joinIn: (file: string) => Promise<Trigger | null>,
): Promise<void> {
  const joined = await joinIn(file);
  if (joined !== null) triggers.push(joined);
}
