import { encodeLine } from '../records/encode.ts';
import type { AnyRecord } from '../records/types.ts';
import { appendDurably, type Disk, realDisk, renameDurably } from './files.ts';
import { journalPath, type QueueFolder } from './layout.ts';
import { type Lock, type Locks, realLocks } from './lock.ts';
import { isQueueName } from './names.ts';
import { isTorn, parseLines } from './ndjson.ts';

/** A queue file whose lock we hold: only its holder appends or renames (triggers.md, step 8). */
export type Journal = {
  readonly file: string;
  /** As they were when it was locked. */
  readonly records: readonly AnyRecord[];
  /** Where it lies now. */
  readonly folder: () => QueueFolder;
  /** Appends lines with one fsync. */
  readonly append: (...records: readonly object[]) => Promise<void>;
  readonly move: (folder: QueueFolder) => Promise<void>;
  readonly release: () => void;
};

/** What queue files lie on, and how they are locked. */
export type Storage = { readonly disk?: Disk; readonly locks?: Locks };

/** Locks a queue file in one of the folders; null when it is not there or somebody else has it. */
export async function openJournal(
  state: string,
  file: string,
  {
    folders,
    disk = realDisk,
    locks = realLocks,
  }: Storage & {
    readonly folders: readonly QueueFolder[];
  },
): Promise<Journal | null> {
  if (!isQueueName(file)) return null;
  for (const folder of folders) {
    const lock = await locks.take(journalPath(state, folder, file));
    if (lock !== null) return readLocked(state, { file, folder, lock, disk });
  }
  return null;
}

type Locked = {
  readonly file: string;
  readonly folder: QueueFolder;
  readonly lock: Lock;
  readonly disk: Disk;
};

async function readLocked(state: string, { file, folder, lock, disk }: Locked): Promise<Journal> {
  let current = folder;
  const path = () => journalPath(state, current, file);
  const content = await disk.read(path()).catch((error) => {
    lock.release();
    throw error;
  });
  let torn = isTorn(content ?? '');
  return {
    file,
    records: parseLines(content ?? ''),
    folder: () => current,
    append: async (...records) => {
      const text = `${torn ? '\n' : ''}${records.map(encodeLine).join('')}`;
      torn = true;
      await appendDurably(path(), text, disk);
      torn = false;
    },
    move: async (to) => {
      if (to === current) return;
      await renameDurably(path(), journalPath(state, to, file), disk);
      current = to;
    },
    release: lock.release,
  };
}
