import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Address } from './address.ts';
import { explain, noCheckout } from './explain.ts';
import { type GitOptions, type GitResult, git, gitOk } from './run.ts';

export type FetchOptions = {
  readonly into: string;
  readonly signal?: AbortSignal | undefined;
  /** Remove what the other side has no more. */
  readonly prune?: boolean;
  /** Commits behind each; all by default. */
  readonly depth?: number;
};

/** Time limit of one transfer, milliseconds. */
export const transferMs = 180_000;

/** Makes `into` a repository of our own with all branches (`origin/…`) and tags, annotated ones as such. */
export async function fetchRepository(address: Address, { into, signal }: FetchOptions): Promise<void> {
  if (address.local && !(await isRepository(address.location))) throw noCheckout(address.location);
  await mkdir(into, { recursive: true });
  await gitOk(['init', '--quiet', '--template=', '--initial-branch=ccci', '--', into], { signal });
  const refs = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'];
  const { exitCode, stderr } = await fetchRefs(address, refs, { into, signal });
  if (exitCode !== 0) throw explain(stderr, address);
}

/** Fetches further refs or hashes; any status is a result, because a ref that is not there is an answer. */
export function fetchRefs(
  address: Address,
  refs: readonly string[],
  { into, signal, prune = false, depth }: FetchOptions,
): Promise<GitResult> {
  const options: GitOptions = { cwd: into, protocols: address.protocols, timeoutMs: transferMs, signal };
  const own = address.local ? ['--upload-pack', uploadPack] : [];
  const quiet = ['--quiet', '--force', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
  const more = [...(prune ? ['--prune'] : []), ...(depth === undefined ? [] : [`--depth=${depth}`])];
  return git(['fetch', ...quiet, ...more, ...own, '--', address.location, ...refs], options);
}

/**
 * The other side of a local transfer: git does not hand its settings on to it, and it would refuse a checkout that
 * belongs to another user (`sudo ccci-stage --recipe ./ghost`).
 */
export const uploadPack = "git -c safe.directory='*' -c uploadpack.allowAnySHA1InWant=true upload-pack";

/** True when the repository in the folder has that commit. */
export async function hasCommit(dir: string, hash: string, signal?: AbortSignal): Promise<boolean> {
  const { exitCode } = await git(['-C', dir, 'cat-file', '-e', `${hash}^{commit}`], { signal });
  return exitCode === 0;
}

async function isRepository(path: string): Promise<boolean> {
  const found = await Promise.all(
    [join(path, '.git'), join(path, 'HEAD')].map((name) => stat(name).catch(() => null)),
  );
  return found.some((entry) => entry !== null);
}
