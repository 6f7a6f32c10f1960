import { readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { codeOf, exitStatus, Failure } from '../program/failure.ts';

/**
 * Reads a text file of a checkout; undefined where it is not there. A path that leads out of the checkout, by `..`
 * or by a link, is refused (security.md, row "files through links").
 */
export async function readInside(root: string, path: string): Promise<string | undefined> {
  const resolved = await pathInside(root, path);
  return resolved === undefined ? undefined : readFile(resolved, 'utf8');
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
