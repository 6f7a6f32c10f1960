import { readFile } from 'node:fs/promises';
import { runChild } from '../swarm/child.ts';
import { findProgram } from '../testing/programs.ts';
import type { Facts, Namespaces } from './facts.ts';

const tryMs = 20_000;

/** What the sandbox of tests and hooks is made with, and whether one can be made. */
export async function readSandbox(
  isRoot: boolean,
  path: string | undefined,
): Promise<Pick<Facts, 'missingForSandbox' | 'sandboxRefused'>> {
  const names = ['bwrap', 'prlimit', 'choom', ...(isRoot ? ['setpriv'] : [])];
  const files = await Promise.all(names.map((name) => findProgram(name, path)));
  const missingForSandbox = names.filter((_, index) => files[index] === null);
  const bwrap = files[0] ?? null;
  return { missingForSandbox, sandboxRefused: bwrap === null ? null : await tryOne(bwrap, isRoot) };
}

/** As `sandboxArguments` begins; in it bubblewrap says its own version. */
async function tryOne(bwrap: string, isRoot: boolean): Promise<string | null> {
  const user = isRoot ? [] : ['--unshare-user'];
  const args = [...user, '--unshare-pid', '--ro-bind', '/', '/', '--dev', '/dev', bwrap, '--version'];
  const { exitCode, stderr, ended } = await runChild(bwrap, args, { env: {}, timeoutMs: tryMs });
  return exitCode === 0 ? null : (ended ?? stderr.trim().split('\n')[0] ?? '');
}

/** Settings that forbid user namespaces to those who are not root, and the value that does. */
const settings: readonly { readonly file: string; readonly off: string; readonly allow: string }[] = [
  { file: 'kernel/unprivileged_userns_clone', off: '0', allow: 'kernel.unprivileged_userns_clone=1' },
  {
    file: 'kernel/apparmor_restrict_unprivileged_userns',
    off: '1',
    allow: 'kernel.apparmor_restrict_unprivileged_userns=0',
  },
  { file: 'user/max_user_namespaces', off: '0', allow: 'user.max_user_namespaces=10000' },
];

/** Reads them from `/proc/sys` (or another folder, for tests). */
export async function readNamespaces(folder = '/proc/sys'): Promise<Namespaces> {
  for (const { file, off, allow } of settings) {
    const value = await readFile(`${folder}/${file}`, 'utf8').catch(() => '');
    if (value.trim() === off) return { setting: `${file.replaceAll('/', '.')}=${off}`, allow };
  }
  return null;
}
