import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exitStatus, Failure, messageOf } from '../program/failure.ts';
import { makeFolders } from '../state/folders.ts';
import { type Lock, lockFile, lockPatiently } from '../state/lock.ts';
import { readKeptAt, refuseKept } from './kept.ts';

/** A run's own directory: what is published lies in `dir`, everything else in `work` (stages.md, Directory of a run). */
export type RunDirectory = {
  readonly id: string;
  readonly dir: string;
  /** Mode 0700, removed at the end. */
  readonly work: string;
  /** Removes `work`, unless the run is kept, and lets go of the lock. */
  readonly close: () => Promise<void>;
};

export type OpenRunOptions = {
  readonly runs: string;
  readonly id: string;
  /** How long to wait for whoever holds it: the janitor, at the directory of a dead run. */
  readonly waitMs?: number;
};

/**
 * Makes the directory of a run and takes its lock: the one that the janitor asks for, so that it never touches a run
 * that lives (L21, L22). `Failure` 75 when somebody else holds it for longer than `waitMs` and when the run is kept, 74
 * when it cannot be made.
 */
export async function openRun({ runs, id, waitMs = 0 }: OpenRunOptions): Promise<RunDirectory> {
  const dir = join(runs, id);
  const work = join(dir, 'work');
  await attempt(dir, async () => {
    await makeFolders(join(dir, 'logs'));
    await makeFolders(join(dir, 'junit'));
  });
  const lock = await lockRun(join(dir, 'lock'), waitMs);
  if (lock === null) {
    throw new Failure(exitStatus.leftOver, 'run-locked', `run ${id} is going on in another process`);
  }
  try {
    if ((await readKeptAt(dir)) !== null) throw refuseKept(id);
    await attempt(work, () => makeWork(work));
  } catch (error) {
    lock.release();
    throw error;
  }
  return { id, dir, work, close: () => closeRun({ dir, work }, lock) };
}

function lockRun(path: string, waitMs: number): Promise<Lock | null> {
  return waitMs === 0 ? lockFile(path) : lockPatiently(path, waitMs);
}

async function makeWork(work: string): Promise<void> {
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { mode: 0o700 });
}

async function attempt(path: string, make: () => Promise<void>): Promise<void> {
  try {
    await make();
  } catch (error) {
    throw new Failure(
      exitStatus.inputOutput,
      'no-run-directory',
      `cannot make ${path}: ${messageOf(error)}`,
      {
        cause: error,
        hint: 'is --runs (or the state directory) writable, and is there space?',
      },
    );
  }
}

async function closeRun({ dir, work }: Pick<RunDirectory, 'dir' | 'work'>, lock: Lock): Promise<void> {
  try {
    if ((await readKeptAt(dir)) === null) await rm(work, { recursive: true, force: true, maxRetries: 3 });
  } finally {
    lock.release();
  }
}
