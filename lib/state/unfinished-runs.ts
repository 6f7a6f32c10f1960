import { attemptsOf } from './attempts.ts';
import { type Disk, realDisk } from './files.ts';
import { journalPath, type QueueFolder } from './layout.ts';
import { listQueue, readJournal } from './queue.ts';

/** Ids of all runs that belong to a trigger without an end: what is in them may still be asked for. */
export async function listUnfinishedRuns(state: string, disk: Disk = realDisk): Promise<Set<string>> {
  const ids = new Set<string>();
  const folders: readonly QueueFolder[] = ['new', 'cur'];
  for (const folder of folders) {
    for (const file of await listQueue(state, folder, disk)) {
      const { runs } = attemptsOf(await readJournal(journalPath(state, folder, file), disk));
      for (const run of runs) ids.add(run);
    }
  }
  return ids;
}
