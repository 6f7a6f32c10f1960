import { dirname } from 'node:path';
import { type Disk, realDisk } from './files.ts';
import { openJournal, type Storage } from './journal.ts';
import { journalPath, type QueueFolder, statePaths } from './layout.ts';
import { listQueue } from './queue.ts';

/**
 * Makes what the programs before us left fit to be believed; to be called before anything of it is read.
 *
 * Durable first: who was killed between a rename and its fsync left a name that is there to be read, and that a power
 * cut takes away, although by then `seen.ndjson` knows it for ever (L03). Then each queue file gets one name: the
 * rename of a file system without a journal may leave both, and while it has two, POSIX lets a rename from one to the
 * other do nothing, so that what is committed would wait for ever. Costs next to nothing when nothing is to be done.
 */
export async function takeOver(state: string, storage: Storage = {}): Promise<void> {
  await syncAll(state, storage.disk ?? realDisk);
  await removeOldNames(state, storage);
}

async function syncAll(state: string, disk: Disk): Promise<void> {
  const { root, in: inbox, accepted, queue, answers, seen } = statePaths(state);
  const folders = [
    dirname(root),
    root,
    dirname(inbox.ready),
    inbox.ready,
    accepted,
    dirname(queue.new),
    queue.new,
    queue.cur,
    queue.done,
    answers,
  ];
  for (const folder of folders) await disk.sync(folder);
  if (await disk.exists(seen)) await disk.sync(seen);
}

/** The later state is the true one: a file is moved only when its journal says why. */
async function removeOldNames(state: string, storage: Storage): Promise<void> {
  const folders: readonly QueueFolder[] = ['new', 'cur', 'done'];
  const lists = await Promise.all(folders.map((folder) => listQueue(state, folder, storage.disk)));
  for (const [index, folder] of folders.entries()) {
    const later = new Set(lists.slice(index + 1).flat());
    const isTwice = (file: string) => later.has(file);
    for (const file of (lists[index] ?? []).filter(isTwice)) {
      await removeOldName(state, file, { folder, later: folders.slice(index + 1), storage });
    }
  }
}

type OldName = {
  readonly folder: QueueFolder;
  readonly later: readonly QueueFolder[];
  readonly storage: Storage;
};

/** Under its lock: somebody may have moved it while we looked. */
async function removeOldName(
  state: string,
  file: string,
  { folder, later, storage }: OldName,
): Promise<void> {
  const { disk = realDisk } = storage;
  const journal = await openJournal(state, file, { ...storage, folders: [folder] });
  if (journal === null) return;
  try {
    const there = await Promise.all(later.map((one) => disk.exists(journalPath(state, one, file))));
    if (!there.includes(true)) return;
    await disk.remove(journalPath(state, folder, file));
    await disk.sync(statePaths(state).queue[folder]);
  } finally {
    journal.release();
  }
}
