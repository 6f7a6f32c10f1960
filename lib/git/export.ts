import { mkdir, rm } from 'node:fs/promises';
import { exitStatus, Failure } from '../program/failure.ts';
import { git, gitOk } from './run.ts';
import { checkCommitSize } from './size.ts';

/**
 * Writes the files of another commit of a checked-out repository into a folder, without another clone and without
 * touching the checkout: same rules as there (no links, filters or submodules).
 */
export async function exportCommit(
  { from, ref, into }: { readonly from: string; readonly ref: string; readonly into: string },
  signal?: AbortSignal,
): Promise<void> {
  await checkCommitSize(from, ref, signal);
  await mkdir(into, { recursive: true });
  const index = `${into}.index`;
  const options = { env: { GIT_INDEX_FILE: index }, signal };
  try {
    await gitOk(['-C', from, 'read-tree', ref], options);
    await gitOk(['-C', from, 'checkout-index', '--all', '--force', `--prefix=${into}/`], options);
  } finally {
    await rm(index, { force: true });
  }
}

/** True when `ancestor` is the commit itself or one of its ancestors; false also where either is not known. */
export async function isAncestor(
  dir: string,
  ancestor: string,
  commit: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const { exitCode, stderr } = await git(['-C', dir, 'merge-base', '--is-ancestor', ancestor, commit], {
    signal,
  });
  if (exitCode === 0) return true;
  if (exitCode === 1 || /not a valid (commit|object)|bad object/i.test(stderr)) return false;
  throw new Failure(exitStatus.badInput, 'git-failed', `git merge-base failed in ${dir}: ${stderr.trim()}`);
}

/** The commit that a name means in a checked-out repository, null where it means none. */
export async function findCommit(dir: string, name: string, signal?: AbortSignal): Promise<string | null> {
  const args = ['-C', dir, 'rev-parse', '--verify', '--quiet', `${name}^{commit}`];
  const { exitCode, stdout } = await git(args, { signal });
  return exitCode === 0 ? stdout.trim() : null;
}
