import { exitStatus, Failure } from '../program/failure.ts';
import { type AddressOptions, judgeAddress } from './address.ts';
import { explain, noCheckout } from './explain.ts';
import { uploadPack } from './fetch.ts';
import { git } from './run.ts';

export type ResolveOptions = AddressOptions & { readonly signal?: AbortSignal };

/**
 * Finds the commit that a branch, a tag, `HEAD` or a hash means right now; a local checkout also knows short hashes.
 * `Failure` `ref-missing` where the repository has nothing of that name.
 */
export async function resolveRef(repo: string, ref: string, options: ResolveOptions): Promise<string> {
  if (/^[0-9a-f]{40}$/.test(ref)) return ref;
  const address = judgeAddress(repo, options);
  if (address.local) return await resolveLocal(address.location, ref, options.signal);
  const names = ['HEAD', `refs/heads/${ref}`, `refs/tags/${ref}`, `refs/tags/${ref}^{}`];
  const run = { protocols: address.protocols, signal: options.signal };
  const { exitCode, stdout, stderr } = await git(['ls-remote', '--', address.location, ...names], run);
  if (exitCode !== 0) throw explain(stderr, address);
  const found = readListing(stdout);
  const order = ref === 'HEAD' ? ['HEAD'] : [`refs/heads/${ref}`, `refs/tags/${ref}^{}`, `refs/tags/${ref}`];
  const hash = order.map((name) => found.get(name)).find((value) => value !== undefined);
  if (hash === undefined) throw missing(address.location, ref);
  return hash;
}

/** The head of a pull request right now, from the base repository; null where that cannot be told. */
export async function headOfPull(
  repo: string,
  number: number,
  { signal, ...options }: ResolveOptions & { readonly timeoutMs: number },
): Promise<string | null> {
  const address = judgeAddress(repo, options);
  const name = `refs/pull/${number}/head`;
  const run = { protocols: address.protocols, signal, timeoutMs: options.timeoutMs };
  const { exitCode, stdout } = await git(['ls-remote', '--', address.location, name], run);
  return exitCode === 0 ? (readListing(stdout).get(name) ?? null) : null;
}

/** The commit that a local checkout is at; `Failure` where there is no repository, or no commit yet. */
export function headOf(path: string, signal?: AbortSignal): Promise<string> {
  return resolveLocal(path, 'HEAD', signal);
}

/** The commit of a folder that is part of a git checkout; null where it is not, or was never committed. */
export async function commitOf(path: string, signal?: AbortSignal): Promise<string | null> {
  const { exitCode, stdout } = await git(['-C', path, 'rev-parse', 'HEAD^{commit}', 'HEAD:./'], { signal });
  return exitCode === 0 ? (stdout.split('\n')[0] ?? null) : null;
}

async function resolveLocal(path: string, ref: string, signal?: AbortSignal): Promise<string> {
  const top = ['ls-remote', '--upload-pack', uploadPack, '--', path];
  const readable = await git(top, { protocols: ['file'], signal });
  if (readable.exitCode !== 0) throw noCheckout(path);
  const verify = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  const { exitCode, stdout } = await git(['-C', path, ...verify], { signal });
  // With --end-of-options git prints that word too.
  const hash = stdout.trim().split('\n').at(-1) ?? '';
  if (exitCode === 0 && /^[0-9a-f]{40}$/.test(hash)) return hash;
  if (ref !== 'HEAD') throw missing(path, ref);
  throw new Failure(exitStatus.badInput, 'repo-missing', `${path} has no commit yet`, {
    hint: 'make a first commit',
  });
}

function readListing(text: string): Map<string, string> {
  const pairs = text.split('\n').flatMap((line) => {
    const [hash, name] = line.split('\t');
    return hash !== undefined && name !== undefined ? [[name, hash] as const] : [];
  });
  return new Map(pairs);
}

function missing(where: string, ref: string): Failure {
  return new Failure(
    exitStatus.badInput,
    'ref-missing',
    `${where} has no branch, tag or commit ${JSON.stringify(ref)}`,
    {
      hint: 'a pushed branch, a tag, HEAD or a whole hash is expected',
    },
  );
}
