import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../program/failure.ts';
import { diskFailure } from '../state/disk-failure.ts';
import { type Lock, lockExisting } from '../state/lock.ts';
import { lastTouched } from '../state/temporary.ts';
import { readEvents } from './read.ts';
import { isSharedDirectory, isSharedUsed } from './shared.ts';

/**
 * Whose a run's directory is: `dead` comes with its lock, which is to be held while anything of the run is removed
 * (design.md, rule 5; L21). `shared` is a dependency that stays up between runs; `unlocked` has no lock that could
 * say whether somebody lives.
 */
export type RunHold =
  | { readonly kind: 'dead'; readonly lock: Lock }
  | { readonly kind: 'alive' | 'shared' | 'unlocked' | 'absent' };

/** Takes the lock of a run that nobody lives in. Makes no file. */
export async function holdDead(
  runs: string,
  id: string,
  { withShared = false }: { readonly withShared?: boolean } = {},
): Promise<RunHold> {
  const dir = join(runs, id);
  if (!(await exists(dir))) return { kind: 'absent' };
  const isShared = await isSharedDirectory(dir);
  if (isShared && !withShared) return { kind: 'shared' };
  if (!(await exists(join(dir, 'lock')))) return { kind: 'unlocked' };
  const lock = await lockExisting(join(dir, 'lock'));
  if (lock === null) return { kind: 'alive' };
  if (!isShared || !(await isSharedUsed(dir))) return { kind: 'dead', lock };
  lock.release();
  return { kind: 'alive' };
}

export type RunTraces = {
  readonly hasResults: boolean;
  /** Checkout, secrets, snapshots: removed at the end of a run that has one. */
  readonly hasWork: boolean;
  /** Epoch ms of the last sign of life; null without a directory. */
  readonly touchedAt: number | null;
};

/** What a run's directory shows from outside. */
export async function readTraces(runs: string, id: string): Promise<RunTraces> {
  const dir = join(runs, id);
  const [hasResults, hasWork, ...touched] = await Promise.all([
    exists(join(dir, 'results.json')),
    exists(join(dir, 'work')),
    lastTouched(join(dir, 'events.ndjson')),
    lastTouched(dir),
  ]);
  const known = touched.filter((at) => at !== null);
  return { hasResults, hasWork, touchedAt: known.length === 0 ? null : Math.max(...known) };
}

/** What a run has said of itself: its recipe, and the domain that its stack is named after. */
export async function readIdentity(
  runs: string,
  id: string,
): Promise<{ readonly recipe: string | null; readonly domain: string | null }> {
  let recipe: string | null = null;
  for await (const record of readEvents(runs, id)) {
    if (typeof record.recipe === 'string') recipe = record.recipe;
    if (record.type === 'run.started') return { recipe, domain: String(record.domain) };
  }
  return { recipe, domain: null };
}

/** Removes a run's `work`, or its whole directory; its lock is to be held. `Failure` 74 when that fails. */
export async function removeOfRun(runs: string, id: string, part: 'work' | 'all'): Promise<void> {
  const path = part === 'work' ? join(runs, id, 'work') : join(runs, id);
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    throw diskFailure('remove', path, error);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return false;
    throw diskFailure('look at', path, error);
  }
}
