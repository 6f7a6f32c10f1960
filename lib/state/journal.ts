import { fstatSync, statSync } from 'node:fs';
import { encodeLine } from '../records/encode.ts';
import type { AnyRecord } from '../records/types.ts';
import { diskFailure } from './disk-failure.ts';
import { appendDurably, type Disk, realDisk, renameDurably } from './files.ts';
import { journalPath, type QueueFolder } from './layout.ts';
import { type Lock, lockExisting } from './lock.ts';
import { isQueueName } from './names.ts';
import { isTorn, parseLines } from './ndjson.ts';

/** A queue file whose lock we hold: only its holder appends or renames (triggers.md, step 8). */
export type Journal = {
  readonly file: string;
  readonly records: readonly AnyRecord[];
  /** Where it lies now. */
  readonly folder: () => QueueFolder;
  /** Appends lines with one fsync. */
  readonly append: (...records: readonly object[]) => Promise<void>;
  readonly move: (folder: QueueFolder) => Promise<void>;
  readonly release: () => void;
};

/** Locks a queue file in one of the folders; null when it is not there or somebody else has it. */
export async function openJournal(
  state: string,
  file: string,
  { folders, disk = realDisk }: { readonly folders: readonly QueueFolder[]; readonly disk?: Disk },
): Promise<Journal | null> {
  if (!isQueueName(file)) return null;
  for (const folder of folders) {
    const path = journalPath(state, folder, file);
    const lock = await lockExisting(path);
    if (lock === null) continue;
    if (isOurs(lock, path)) return readLocked(state, { file, folder, lock, disk });
    lock.release();
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

function isOurs(lock: Lock, path: string): boolean {
  try {
    return isStill(lock.fd, path);
  } catch (error) {
    lock.release();
    throw diskFailure('look at', path, error);
  }
}

/**
 * True while a path still names the opened file: between open and lock it may have been renamed, and another put in
 * its place (triggers.md, step 9).
 */
export function isStill(fd: number, path: string): boolean {
  const ours = fstatSync(fd);
  const theirs = statSync(path, { throwIfNoEntry: false });
  return theirs !== undefined && ours.ino === theirs.ino && ours.dev === theirs.dev;
}
