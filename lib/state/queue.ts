import type { AnyRecord } from '../records/types.ts';
import { type Disk, realDisk } from './files.ts';
import { openJournal, type Storage } from './journal.ts';
import { type QueueFolder, statePaths } from './layout.ts';
import { isQueueName } from './names.ts';
import { parseLines } from './ndjson.ts';

/** Names of the queue files in a folder, oldest comment first. */
export async function listQueue(
  state: string,
  folder: QueueFolder,
  disk: Disk = realDisk,
): Promise<string[]> {
  const names = await disk.list(statePaths(state).queue[folder]);
  return names
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => name.slice(0, -'.ndjson'.length))
    .filter(isQueueName);
}

/** Records of a journal, oldest first; none when it is not there, a torn line is passed over. */
export async function readJournal(path: string, disk: Disk = realDisk): Promise<AnyRecord[]> {
  return parseLines((await disk.read(path)) ?? '');
}

/** Names in `cur` whose holder is gone. Looking takes each lock for a moment. */
export async function deadClaims(state: string, storage: Storage = {}): Promise<string[]> {
  const dead: string[] = [];
  for (const file of await listQueue(state, 'cur', storage.disk)) {
    const journal = await openJournal(state, file, { ...storage, folders: ['cur'] });
    if (journal === null) continue;
    journal.release();
    dead.push(file);
  }
  return dead;
}

/**
 * Ends what nobody runs, with a last record: a cancel that was obeyed, a trigger that was overtaken. False when the
 * file is not in one of the folders or somebody else holds it.
 */
export async function settle(
  state: string,
  file: string,
  record: object,
  { folders = ['new', 'cur'], ...storage }: Storage & { readonly folders?: readonly QueueFolder[] } = {},
): Promise<boolean> {
  const journal = await openJournal(state, file, { ...storage, folders });
  if (journal === null) return false;
  try {
    await journal.append(record);
    await journal.move('done');
    return true;
  } finally {
    journal.release();
  }
}
