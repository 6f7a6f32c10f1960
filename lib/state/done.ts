import { readAnswer } from './answers.ts';
import { type Disk, realDisk } from './files.ts';
import { openJournal, type Storage } from './journal.ts';
import { journalPath } from './layout.ts';
import { keyOf } from './names.ts';
import { listQueue } from './queue.ts';
import { readSeen } from './seen.ts';
import { lastTouched } from './temporary.ts';

/**
 * Names in `done` whose journal nobody needs any more: older than that, known for ever by their line in `seen.ndjson`,
 * and answered with nothing left to post (triggers.md, the janitor).
 */
export async function listThin(
  state: string,
  { nowMs, olderThanMs }: { readonly nowMs: number; readonly olderThanMs: number },
  disk: Disk = realDisk,
): Promise<string[]> {
  const old: string[] = [];
  for (const file of await listQueue(state, 'done', disk)) {
    const touchedAt = await lastTouched(journalPath(state, 'done', file));
    if (touchedAt !== null && nowMs - touchedAt > olderThanMs) old.push(file);
  }
  if (old.length === 0) return [];
  const seen = await readSeen(state, disk);
  const thin: string[] = [];
  for (const file of old.filter((name) => seen.has(keyOf(name)))) {
    if ((await readAnswer(state, keyOf(file), disk))?.final === true) thin.push(file);
  }
  return thin;
}

/**
 * Removes journals from `done`; what somebody holds stays. Gives those that are gone. One that a power cut brings back is
 * removed again by the next janitor.
 */
export async function thinOut(
  state: string,
  files: readonly string[],
  { disk = realDisk, ...storage }: Storage = {},
): Promise<string[]> {
  const gone: string[] = [];
  for (const file of files) {
    const journal = await openJournal(state, file, { ...storage, disk, folders: ['done'] });
    if (journal === null) continue;
    try {
      await disk.remove(journalPath(state, 'done', file));
      gone.push(file);
    } finally {
      journal.release();
    }
  }
  return gone;
}
