import { join } from 'node:path';
import type { AnyRecord } from '../records/types.ts';
import { readAccepted } from './accepted.ts';
import { attemptsOf } from './attempts.ts';
import { type Disk, realDisk } from './files.ts';
import type { Storage } from './journal.ts';
import { journalPath } from './layout.ts';
import { deadClaims, listQueue, readJournal } from './queue.ts';

/**
 * What was accepted and has no end yet, as judged, oldest comment first: all that waits in `new`, and what lies
 * unlocked in `cur` without a `results.json` (triggers.md, steps 4 and 10; L16).
 */
export async function* unfinished(
  { state, runs }: { readonly state: string; readonly runs: string },
  storage: Storage = {},
): AsyncGenerator<AnyRecord> {
  const { disk = realDisk } = storage;
  // `cur` first: what is given back in between is seen twice instead of never.
  const dead = await deadClaims(state, storage);
  const waiting = await listQueue(state, 'new', disk);
  for (const file of [...new Set([...dead, ...waiting])].sort()) {
    if (dead.includes(file) && (await hasResult({ state, runs }, file, disk))) continue;
    const record = await readAccepted(state, file, disk);
    if (record !== undefined) yield record;
  }
}

async function hasResult(
  { state, runs }: { readonly state: string; readonly runs: string },
  file: string,
  disk: Disk,
): Promise<boolean> {
  const { lastRun } = attemptsOf(await readJournal(journalPath(state, 'cur', file), disk));
  return lastRun !== null && (await disk.exists(join(runs, lastRun, 'results.json')));
}
