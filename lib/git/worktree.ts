import { chmod, copyFile, lstat, mkdir, readlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../program/failure.ts';
import { gitOk } from './run.ts';

/** Whether a local checkout differs from its `HEAD`: changed, added or untracked files. */
export async function isDirty(path: string, signal?: AbortSignal): Promise<boolean> {
  const links = ['-c', 'core.symlinks=true'];
  const text = await gitOk(['-C', path, ...links, 'status', '--porcelain', '--ignore-submodules=all'], {
    signal,
  });
  return text.trim() !== '';
}

/**
 * Copies a local checkout as it is: tracked files as they are now, and untracked ones that are not ignored.
 * A symbolic link becomes a file that holds its target, as with `core.symlinks=false`.
 */
export async function copyWorktree(path: string, into: string, signal?: AbortSignal): Promise<void> {
  const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const text = await gitOk(['-C', path, ...listing], { signal });
  for (const name of text.split('\0')) {
    if (name === '' || name.endsWith('/')) continue;
    signal?.throwIfAborted();
    await copyEntry(join(path, name), join(into, name));
  }
}

async function copyEntry(from: string, to: string): Promise<void> {
  const entry = await lstat(from).catch((error) => {
    // Listed by git, but removed from the work tree.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw error;
  });
  if (entry === null || entry.isDirectory()) return;
  await mkdir(dirname(to), { recursive: true });
  if (entry.isSymbolicLink()) return await writeFile(to, await readlink(from));
  if (!entry.isFile()) return;
  await copyFile(from, to);
  await chmod(to, (entry.mode & 0o111) === 0 ? 0o644 : 0o755);
}
