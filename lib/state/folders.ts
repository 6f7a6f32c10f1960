import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../program/failure.ts';

/**
 * Makes a folder with its parents, one by one from the top, and gives the topmost one that was missing; undefined when
 * all were there. Throws what the file system says.
 * Not by Node's `recursive`: where a file system takes no folders (`/proc`), Node 20 tries the parents for ever.
 */
export async function makeFolders(folder: string, mode?: number): Promise<string | undefined> {
  const missing = await missingFolders(folder);
  for (const one of missing) await makeOne(one, mode);
  return missing[0];
}

async function missingFolders(folder: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let at = folder; !(await isFolder(at)); at = dirname(at)) {
    missing.unshift(at);
    if (dirname(at) === at) break;
  }
  return missing;
}

async function makeOne(folder: string, mode: number | undefined): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    // Another program may have been faster.
    if (codeOf(error) === 'EEXIST' && (await isFolder(folder))) return;
    if (codeOf(error) === 'ENOENT' && (await isFolder(dirname(folder))))
      throw noFolders(dirname(folder), error);
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}

/** The system's own words would be that there is no such folder: of the one that was to be made. */
function noFolders(parent: string, cause: unknown): Error {
  return Object.assign(new Error(`${parent} takes no folders`, { cause }), { code: 'ENOTSUP' });
}
