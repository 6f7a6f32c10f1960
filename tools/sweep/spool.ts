import type { Log } from '@ccci/lib/program/log.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { type Disk, realDisk } from '@ccci/lib/state/files.ts';
import { handIn } from '@ccci/lib/state/inbox.ts';
import { prepareState, statePaths } from '@ccci/lib/state/layout.ts';

/** Makes what is missing of a state directory; a name that is new may be a mistyped one, so it is said. */
export async function openSpool(state: string, log: Log, disk: Disk = realDisk): Promise<void> {
  const isNew = !(await disk.exists(statePaths(state).id));
  await prepareState(state, disk);
  if (isNew) log.warning(`${state} was no state directory and is one now: who runs ccci-dedupe on it?`);
}

/**
 * Hands in each trigger, durably, one by one: whenever this ends, what was handed in is whole and will be taken. Error
 * records are for readers of the pipe and go nowhere: they were said in words. Failures of the disk are thrown.
 */
export async function handInAll(
  records: AsyncIterable<AnyRecord>,
  { state, log, disk = realDisk }: { readonly state: string; readonly log: Log; readonly disk?: Disk },
): Promise<void> {
  let handedIn = 0;
  try {
    for await (const record of records) {
      if (record.type !== 'trigger') continue;
      await handIn(state, record, disk);
      handedIn += 1;
    }
  } finally {
    log.info(`${handedIn} handed in to ${statePaths(state).in.ready}`);
  }
}
