import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile, realDisk, writeDurably } from '../state/files.ts';
import { makeFolders } from '../state/folders.ts';
import { type Lock, lockExisting, lockFile, lockPatiently } from '../state/lock.ts';

const keptSchema = z.looseObject({
  /** Commit that is deployed. */
  ref: z.string(),
  version: z.string(),
  /** Full name to value: hooks of later runs need them. */
  secrets: z.record(z.string(), z.string()),
});

/** What is remembered of a recipe that stays up between runs. */
export type Kept = z.infer<typeof keptSchema>;

/** A recipe that stays up between runs, held by one run while it looks and deploys. */
export type Shared = {
  /** Null where it was never deployed to its end. */
  readonly read: () => Promise<Kept | null>;
  readonly write: (kept: Kept) => Promise<void>;
  /** Before it is deployed anew: what dies in between is not taken for good. */
  readonly forget: () => Promise<void>;
  /** Whether other runs that live use it. */
  readonly isUsed: () => Promise<boolean>;
  /** Marks a run as one that uses it, for as long as its process lives. */
  readonly use: (run: string) => Promise<Lock>;
  /** Lets other runs look and deploy. */
  readonly release: () => void;
};

/** The run id under which a recipe that stays up is on the engine. */
export function sharedRun(recipe: string): string {
  return `shared-${recipe}`;
}

/** The file that tells the directory of a recipe that stays up from that of a run. */
const marker = 'shared';

/** Whether a directory below `<runs>` is that of a recipe that stays up between runs. */
export async function isSharedDirectory(dir: string): Promise<boolean> {
  return (await realDisk.list(dir)).includes(marker);
}

/** How long one attempt at the lock takes: between two of them a run can be ended. */
const patienceMs = 2_000;

/**
 * Takes the lock of a recipe that stays up: `<runs>/shared-<recipe>/lock`. Its file `shared` says to the janitor that
 * nobody need live in it. Null when others deploy for longer than that.
 */
export async function openShared(options: {
  readonly runs: string;
  readonly recipe: string;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}): Promise<Shared | null> {
  const dir = join(options.runs, sharedRun(options.recipe));
  await makeFolders(join(dir, 'users'));
  await makeFolders(join(dir, 'work'), 0o700);
  await writeDurably(join(dir, marker), '');
  const lock = await lockUntil(join(dir, 'lock'), options);
  if (lock === null) return null;
  const path = join(dir, 'work', 'kept.json');
  return {
    read: async () => keptSchema.safeParse(await readJsonFile(path)).data ?? null,
    write: (kept) => writeDurably(path, JSON.stringify(kept)),
    forget: () => realDisk.remove(path),
    isUsed: () => isSharedUsed(dir),
    use: (run) => markUser(join(dir, 'users', run)),
    release: lock.release,
  };
}

async function lockUntil(
  path: string,
  { waitMs, signal }: { readonly waitMs: number; readonly signal: AbortSignal },
): Promise<Lock | null> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    signal.throwIfAborted();
    const leftMs = deadline - performance.now();
    const lock = await lockPatiently(path, Math.max(0, Math.min(patienceMs, leftMs)));
    if (lock !== null || leftMs <= patienceMs) return lock;
  }
}

/** Whether runs that live use it. A mark that nobody holds is of a run that has died; it is removed. */
export async function isSharedUsed(dir: string): Promise<boolean> {
  const folder = join(dir, 'users');
  let isAny = false;
  for (const name of await realDisk.list(folder)) {
    const lock = await lockExisting(join(folder, name));
    if (lock === null) {
      isAny = true;
      continue;
    }
    await rm(lock.path, { force: true });
    lock.release();
  }
  return isAny;
}

async function markUser(path: string): Promise<Lock> {
  const lock = await lockFile(path);
  if (lock === null) throw new Error(`${path} is held by another process with the same run id`);
  return {
    path,
    release: () => {
      void rm(path, { force: true });
      lock.release();
    },
  };
}
