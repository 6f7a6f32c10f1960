import { dirname, join } from 'node:path';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import type { Claimed } from '@ccci/lib/state/claim.ts';
import { readJsonFile, syncFolder, writeDurably } from '@ccci/lib/state/files.ts';
import { journalPath, statePaths } from '@ccci/lib/state/layout.ts';
import type { SimulatedDisk } from '../../support/disk/disk.ts';
import { home, state } from './queue-state.ts';

/** Not in the state directory: what is synced there would help. */
export const runs = join(home, 'runs');

/** What stage does when a run is over, before it commits: its results are durable (triggers.md, step 10). */
export async function writeResults(disk: SimulatedDisk, { run, keys }: Claimed): Promise<AnyRecord> {
  const finished = { type: 'run.finished', run, keys: keys() };
  const path = join(runs, run, 'results.json');
  await disk.makeFolder(dirname(path));
  await syncFolder(home, disk);
  await syncFolder(runs, disk);
  await writeDurably(path, JSON.stringify(finished), disk);
  return finished;
}

/** `run.finished` of a run whose results are durable. */
export async function finishedOf(disk: SimulatedDisk, run: string): Promise<AnyRecord | null> {
  return ((await readJsonFile(join(runs, run, 'results.json'), disk)) as AnyRecord | undefined) ?? null;
}

/** What the janitor does when the verdict is posted. */
export async function thin(disk: SimulatedDisk, file: string): Promise<void> {
  await disk.remove(journalPath(state, 'done', file));
  await disk.sync(statePaths(state).queue.done);
}
