import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../program/failure.ts';
import type { Address } from './address.ts';
import { explain } from './explain.ts';
import { fetchRefs, transferMs, uploadPack } from './fetch.ts';
import { gitOk } from './run.ts';

/** Where fetched repositories are kept between runs, and how one of them is held while it is used. */
export type Stores = {
  /** Absolute; a bare repository per clone address and its lock are made in it. */
  readonly folder: string;
  /** Locks a file, made where it is not there, against other programs too; null when that took longer than `waitMs`. */
  readonly lock: (path: string, waitMs: number) => Promise<{ readonly release: () => void } | null>;
};

export type StoreOptions = {
  readonly stores: Stores;
  /** Folder to make the run's own repository in. */
  readonly into: string;
  readonly pull?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** A store that has grown beyond these is thrown away after use: what no branch leads to is never collected in it. */
const limits = { files: 4_000, bytes: 1024 ** 3 };

/**
 * Makes `into` a repository of the run's own, as `fetchRepository` does, from the store of the address: what is in it
 * already is not transferred again. Objects are linked, not shared: a store may go at any time when nobody holds its
 * lock (`<store>.lock`). False where somebody else held it for too long; then nothing was made.
 */
export async function fetchThroughStore(address: Address, options: StoreOptions): Promise<boolean> {
  const { stores, into, pull, signal } = options;
  await mkdir(stores.folder, { recursive: true, mode: 0o700 });
  const store = storeOf(stores, address);
  const lock = await stores.lock(`${store}.lock`, transferMs);
  if (lock === null) return false;
  try {
    await refresh(address, store, { pull, signal });
    await linkInto(store, into, { pull, signal });
    if (await isTooLarge(store)) await rm(store, { recursive: true, force: true });
    return true;
  } finally {
    lock.release();
  }
}

/** Removes the store of an address, one that is broken for example; somebody who uses it is waited for. */
export async function dropStore(address: Address, stores: Stores): Promise<void> {
  const store = storeOf(stores, address);
  // Git may have failed before anything was kept.
  await mkdir(stores.folder, { recursive: true, mode: 0o700 });
  const lock = await stores.lock(`${store}.lock`, transferMs);
  if (lock === null) return;
  await rm(store, { recursive: true, force: true });
  lock.release();
}

/** Absolute path of the store of an address. */
export function storeOf({ folder }: Stores, { location }: Address): string {
  return join(folder, `${createHash('sha256').update(location).digest('hex').slice(0, 32)}.git`);
}

type Part = { readonly pull: number | undefined; readonly signal: AbortSignal | undefined };

/** Fetches what is new; a store that cannot be used, or that a transfer was cut off in, is made anew. */
async function refresh(address: Address, store: string, part: Part): Promise<void> {
  const isNew = !(await isStore(store));
  try {
    if (isNew) await makeStore(store, part.signal);
    else await writeFile(join(store, 'config'), configuration(true));
    const { exitCode, stderr } = await fetchRefs(address, refsOf(part.pull), {
      into: store,
      signal: part.signal,
      prune: true,
    });
    if (exitCode === 0) return;
    if (isNew || !isBroken(stderr)) throw explain(stderr, address);
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'repo-unreachable'))
      await rm(store, { recursive: true, force: true });
    throw error;
  }
  await rm(store, { recursive: true, force: true });
  await refresh(address, store, part);
}

/** Nothing that somebody may have written there is believed: neither configuration nor hooks. */
function configuration(isBare: boolean): string {
  return `[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = ${isBare}\n`;
}

async function makeStore(store: string, signal: AbortSignal | undefined): Promise<void> {
  await rm(store, { recursive: true, force: true });
  await gitOk(['init', '--quiet', '--bare', '--template=', '--initial-branch=ccci', '--', store], { signal });
  await writeFile(join(store, 'config'), configuration(true));
}

/** The pattern stands for one ref: unlike a name, it may be missing. */
function refsOf(pull: number | undefined): string[] {
  const own = pull === undefined ? [] : [`+refs/pull/${pull}/head*:refs/ccci/pull/${pull}/head*`];
  return ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*', ...own];
}

/** A clone by links: the run's repository has all it needs, whatever becomes of the store. */
async function linkInto(store: string, into: string, { pull, signal }: Part): Promise<void> {
  const how = ['--quiet', '--local', '--no-checkout', '--template=', '--upload-pack', uploadPack];
  await gitOk(['clone', ...how, '--', store, into], { protocols: ['file'], signal });
  // A clone remembers where it came from, and that may be gone.
  await writeFile(join(into, '.git', 'config'), configuration(false));
  if (pull === undefined) return;
  const name = `refs/ccci/pull/${pull}/head`;
  const text = await gitOk(['-C', store, 'for-each-ref', '--format=%(objectname)', name], { signal });
  const hash = text.trim();
  if (hash !== '') await gitOk(['-C', into, 'update-ref', 'refs/ccci/pull', hash], { signal });
}

async function isStore(store: string): Promise<boolean> {
  const found = await Promise.all(
    ['HEAD', 'objects', 'refs'].map((name) => stat(join(store, name)).catch(() => null)),
  );
  return found.every((entry) => entry !== null);
}

function isBroken(stderr: string): boolean {
  return /corrupt|bad (object|tree|revision)|missing (blob|tree|commit|object)|inflate|loose object|packfile|pack has|not a git repository|unable to (read|unpack|resolve)|did not send all necessary objects|broken/i.test(
    stderr,
  );
}

async function isTooLarge(store: string): Promise<boolean> {
  const entries = await readdir(join(store, 'objects'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  if (files.length > limits.files) return true;
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0) > limits.bytes;
}
