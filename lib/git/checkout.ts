import { exitStatus, Failure } from '../program/failure.ts';
import { type Address, judgeAddress } from './address.ts';
import { fetchRefs, fetchRepository, hasCommit } from './fetch.ts';
import { isReachable, isThere } from './reachable.ts';
import { headOf } from './resolve.ts';
import { git, gitOk } from './run.ts';
import { checkCommitSize } from './size.ts';
import { fetchThroughStore, type Stores } from './store.ts';
import { listTags, type Tag } from './tags.ts';
import { copyWorktree, isDirty } from './worktree.ts';

export type CheckoutOptions = {
  /** Clone URL, or a path where local ones are allowed. */
  readonly repo: string;
  /** The commit, 40 hexadecimal digits; not needed with `worktree`. */
  readonly ref?: string;
  /** Take a local checkout as it is, with its uncommitted files. */
  readonly worktree?: boolean;
  /** Folder to make; it must not exist, or be empty. */
  readonly into: string;
  /** Number of the pull request: `refs/pull/N/head` of the base repository is fetched too. */
  readonly pull?: number;
  /** Where repositories are kept between runs; without it, and for paths, everything is transferred each time. */
  readonly stores?: Stores | undefined;
  readonly allowLocal: boolean;
  readonly signal?: AbortSignal;
  readonly forgeUrls: readonly string[];
};

/** A folder with the files of one commit, and its own `.git` with all branches and tags. */
export type Checkout = {
  readonly dir: string;
  readonly ref: string;
  readonly tags: readonly Tag[];
  /** Files differ from the commit `ref`: shown as `+U`. */
  readonly dirty: boolean;
  /** What `refs/pull/N/head` was; null without pull request, or where the forge has none. */
  readonly pullHead: string | null;
};

/**
 * Checks out one commit by its hash into a folder of the run's own (L11, L20).
 * `Failure` codes: `repo-missing`, `repo-unreachable`, `git-refused`, `commit-gone`, `git-timeout`.
 */
export async function checkout(options: CheckoutOptions): Promise<Checkout> {
  const { repo, into, signal } = options;
  const address = judgeAddress(repo, options);
  const isStored = await fetchAll(address, options);
  if (options.worktree === true) return await takeWorktree(address, options);
  if (options.ref === undefined) throw new Error('checkout needs a ref or worktree');
  const pullHead =
    options.pull === undefined ? null : await pullHeadOf(address, options.pull, isStored, options);
  await pin(address, options.ref, { ...options, isStored });
  await checkCommitSize(into, options.ref, signal);
  await gitOk(['-C', into, 'checkout', '--quiet', '--force', '--detach', options.ref, '--'], { signal });
  return { dir: into, ref: options.ref, tags: await listTags(into, signal), dirty: false, pullHead };
}

/** Whether it came out of a store. */
async function fetchAll(address: Address, { stores, into, pull, signal }: CheckoutOptions): Promise<boolean> {
  const isStored =
    stores !== undefined &&
    !address.local &&
    (await fetchThroughStore(address, { stores, into, pull, signal }));
  if (!isStored) await fetchRepository(address, { into, signal });
  return isStored;
}

async function takeWorktree(address: Address, { into, signal }: CheckoutOptions): Promise<Checkout> {
  if (!address.local) {
    const message = `${address.location} is not on this machine; only a local checkout can be taken as it is`;
    throw new Failure(exitStatus.badInput, 'git-refused', message, { hint: 'name a commit in "ref"' });
  }
  const ref = await headOf(address.location, signal);
  await pin(address, ref, { into, signal });
  await gitOk(['-C', into, 'update-ref', '--no-deref', 'HEAD', ref], { signal });
  await gitOk(['-C', into, 'read-tree', ref], { signal });
  await copyWorktree(address.location, into, signal);
  const dirty = await isDirty(address.location, signal);
  return { dir: into, ref, tags: await listTags(into, signal), dirty, pullHead: null };
}

async function pullHeadOf(
  address: Address,
  pull: number,
  isStored: boolean,
  { into, signal }: CheckoutOptions,
): Promise<string | null> {
  const name = 'refs/ccci/pull';
  if (!isStored) await fetchRefs(address, [`+refs/pull/${pull}/head:${name}`], { into, signal });
  const { exitCode, stdout } = await git(['-C', into, 'rev-parse', '--verify', '--quiet', name], { signal });
  return exitCode === 0 ? stdout.trim() : null;
}

type Pinning = Pick<CheckoutOptions, 'into' | 'pull' | 'signal'> & { readonly isStored?: boolean };

/**
 * Makes sure that the pinned commit is here: nothing else is ever tested in its place. What a store remembers and the
 * forge has no more is gone all the same, so that a run never depends on what ran before it.
 */
async function pin(address: Address, hash: string, pinning: Pinning): Promise<void> {
  const { into, pull, signal, isStored = false } = pinning;
  const isHere = await hasCommit(into, hash, signal);
  if (isHere && !isStored) return;
  if (isHere && ((await isReachable(into, hash, signal)) || (await isThere(address, hash, pinning)))) return;
  if (!isHere) await fetchRefs(address, [hash], { into, signal });
  if (!isHere && (await hasCommit(into, hash, signal))) return;
  const where = pull === undefined ? address.location : `pull request ${pull} of ${address.location}`;
  throw new Failure(
    exitStatus.badInput,
    'commit-gone',
    `the commit is gone: ${hash.slice(0, 12)} is not in ${where}; was the branch force-pushed?`,
    {
      hint:
        pull === undefined
          ? 'name a commit that is there'
          : 'comment again to test the commit that is there now',
    },
  );
}
