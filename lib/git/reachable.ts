import { rm } from 'node:fs/promises';
import type { Address } from './address.ts';
import { fetchRefs } from './fetch.ts';
import { gitOk } from './run.ts';

/** Whether a branch, a tag or the pull request leads to a commit that the repository in the folder has. */
export async function isReachable(dir: string, hash: string, signal?: AbortSignal): Promise<boolean> {
  const args = ['-C', dir, 'for-each-ref', '--count=1', `--contains=${hash}`, '--format=%(refname)'];
  return (await gitOk(args, { signal })).trim() !== '';
}

/** Whether the other side hands a commit out by its hash; asked from an empty repository, beside `into`. */
export async function isThere(
  address: Address,
  hash: string,
  { into, signal }: { readonly into: string; readonly signal?: AbortSignal | undefined },
): Promise<boolean> {
  const empty = `${into}.ask`;
  try {
    await gitOk(['init', '--quiet', '--bare', '--template=', '--', empty], { signal });
    const { exitCode } = await fetchRefs(address, [hash], { into: empty, signal, depth: 1 });
    return exitCode === 0;
  } finally {
    await rm(empty, { recursive: true, force: true });
  }
}
