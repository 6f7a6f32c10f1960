import { existsSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import fastGlob from 'fast-glob';
import { root } from './suite.ts';

/**
 * The test files that are meant: all, or files, folders and patterns as given on the command line, relative to the
 * repository. Journeys come first, so that the longest do not run alone at the end. A name that matches nothing is a
 * `Failure` (64).
 */
export async function findTests(names: readonly string[]): Promise<string[]> {
  const found = await Promise.all((names.length > 0 ? names : ['tests']).map(find));
  const isJourney = (file: string) => /^tests\/(journeys|matrix)\//.test(file);
  const files = [...new Set(found.flat())].sort();
  return [...files.filter(isJourney), ...files.filter((file) => !isJourney(file))];
}

async function find(name: string): Promise<string[]> {
  const path = relative(root, resolve(root, name));
  const isFolder = existsSync(resolve(root, name)) && statSync(resolve(root, name)).isDirectory();
  const pattern = isFolder ? `${fastGlob.escapePath(path)}/**/*.test.ts` : path;
  const files = await fastGlob(pattern, { cwd: root, ignore: ['**/node_modules/**', 'tests/recipes/**'] });
  if (files.length > 0) return files;
  throw new Failure(exitStatus.usage, 'no-such-test', `no test file matches ${JSON.stringify(name)}`, {
    hint: 'give a file (tests/lib/state/lock.test.ts), a folder (tests/lib) or a pattern in quotes',
  });
}
