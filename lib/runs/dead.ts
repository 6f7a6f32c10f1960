import { access, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../program/failure.ts';
import { diskFailure } from '../state/disk-failure.ts';
import { realDisk } from '../state/files.ts';
import { type Lock, lockExisting } from '../state/lock.ts';
import { lastTouched } from '../state/temporary.ts';
import { readKeptAt } from './kept.ts';
import { readEvents } from './read.ts';
import { isSharedDirectory, isSharedUsed } from './shared.ts';

/**
 * Whose a run's directory is: `dead` comes with its lock, which is to be held while anything of the run is removed
 * (design.md, rule 5; L21). `shared` is a dependency that stays up between runs; `unlocked` has no lock that could
 * say whether somebody lives; the deployment of one that is `kept` stays up for people, in use since `usedAt` (epoch ms).
 */
export type RunHold =
  | { readonly kind: 'dead'; readonly lock: Lock }
  | { readonly kind: 'kept'; readonly usedAt: number }
  | { readonly kind: 'alive' | 'shared' | 'unlocked' | 'absent' };

export type HoldOptions = {
  /** Dependencies that stay up between runs count as dead ones. */
  readonly withShared?: boolean;
  /** Whether a kept run that was used then counts as a dead one; none does by default. */
  readonly isOver?: (usedAt: number) => boolean;
};

/** Takes the lock of a run that nobody lives in. Makes no file. */
export async function holdDead(
  runs: string,
  id: string,
  { withShared = false, isOver = () => false }: HoldOptions = {},
): Promise<RunHold> {
  const dir = join(runs, id);
  if (!(await exists(dir))) return { kind: 'absent' };
  const isShared = await isSharedDirectory(dir);
  if (isShared && !withShared) return { kind: 'shared' };
  if (!(await exists(join(dir, 'lock')))) return { kind: 'unlocked' };
  const lock = await lockExisting(join(dir, 'lock'));
  if (lock === null) return { kind: 'alive' };
  const hold = await judge(dir, { lock, isShared, isOver });
  if (hold.kind !== 'dead') lock.release();
  return hold;
}

/** Under its lock, so that nobody keeps it or attaches to it meanwhile. */
async function judge(
  dir: string,
  { lock, isShared, isOver }: Pick<Required<HoldOptions>, 'isOver'> & { lock: Lock; isShared: boolean },
): Promise<RunHold> {
  if (isShared && (await isSharedUsed(dir))) return { kind: 'alive' };
  const usedAt = await readKeptAt(dir);
  return usedAt === null || isOver(usedAt) ? { kind: 'dead', lock } : { kind: 'kept', usedAt };
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

/**
 * What a run has said of itself: its recipe, and the domain that its stack is named after. One that was attached to
 * another run's deployment has none of its own.
 */
export async function readIdentity(
  runs: string,
  id: string,
): Promise<{ readonly recipe: string | null; readonly domain: string | null }> {
  let recipe: string | null = null;
  for await (const record of readEvents(runs, id)) {
    if (typeof record.recipe === 'string') recipe = record.recipe;
    if (record.type !== 'run.started') continue;
    return { recipe, domain: record.attached_to === undefined ? String(record.domain) : null };
  }
  return { recipe, domain: null };
}

/**
 * Removes a run's `work`, or its whole directory; its lock is to be held. `Failure` 74 when that fails. A whole directory
 * first gets a name that is no run's: whoever looks sees all of a run, or nothing.
 */
export async function removeOfRun(runs: string, id: string, part: 'work' | 'all'): Promise<void> {
  if (part === 'work') return await remove(join(runs, id, 'work'));
  // What somebody left there that was killed goes before it takes the name of what comes next.
  await finishRemoving(runs, id);
  try {
    await rename(join(runs, id), removedPath(runs, id));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw diskFailure('rename', join(runs, id), error);
  }
  await finishRemoving(runs, id);
}

/** Ids of runs that somebody began to remove and could not remove to the end. */
export async function listRemoved(runs: string): Promise<string[]> {
  const names = await realDisk.list(runs);
  return names.flatMap((name) => /^\.(.+)\.removed$/.exec(name)?.[1] ?? []);
}

/** Removes what is left of a directory that `removeOfRun` began to remove. */
export async function finishRemoving(runs: string, id: string): Promise<void> {
  await remove(removedPath(runs, id));
}

function removedPath(runs: string, id: string): string {
  return join(runs, `.${id}.removed`);
}

async function remove(path: string): Promise<void> {
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
