import { constants } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { textLimitBytes } from '../plan/recipe-facts.ts';
import { codeOf, exitStatus, Failure } from '../program/failure.ts';

/**
 * Reads a text file of a checkout; undefined where it is not there, or no file. A path that leads out of the checkout,
 * by `..` or by a link, is refused (security.md, row "files through links"), and so is a file above 1 MiB.
 */
export async function readInside(root: string, path: string): Promise<string | undefined> {
  const resolved = await textInside(root, path);
  return resolved === undefined ? undefined : readFile(resolved, 'utf8');
}

/** The real path of a text file of a checkout that is not too large to be read; undefined where there is no such file. */
export async function textInside(root: string, path: string): Promise<string | undefined> {
  const resolved = await pathInside(root, path);
  if (resolved === undefined) return undefined;
  const { size, mode } = await stat(resolved);
  if (size > textLimitBytes) {
    const message = `${path} has ${size} bytes, at most ${textLimitBytes} are read`;
    throw new Failure(exitStatus.badInput, 'file-too-large', message);
  }
  return isRegular(mode) ? resolved : undefined;
}

function isRegular(mode: number): boolean {
  return (mode & constants.S_IFMT) === constants.S_IFREG;
}

/** The real path of a file of a checkout; undefined where it is not there. */
export async function pathInside(root: string, path: string): Promise<string | undefined> {
  try {
    const [realRoot, real] = await Promise.all([realpath(root), realpath(join(root, path))]);
    if (real === realRoot || real.startsWith(realRoot + sep)) return real;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
  throw new Failure(exitStatus.badInput, 'outside-checkout', `${path} leads out of the recipe's checkout`, {
    hint: 'files of a recipe have to lie within it',
  });
}
