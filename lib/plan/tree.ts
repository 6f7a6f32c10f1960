import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { commitOf } from '../git/resolve.ts';
import { codeOf, exitStatus, Failure, messageOf } from '../program/failure.ts';
import { readSettings, type Settings } from '../recipe/settings.ts';
import type { Plan } from '../records/plan.ts';
import { findHooks } from './hooks.ts';
import { findOverlays } from './overlays.ts';
import { type FoundTests, findTests } from './test-files.ts';

/** What the operator's tree of tests has for one recipe. */
export type Tree = FoundTests & {
  /** Absolute `tests/<recipe>`; null where there is none: the generic run is enough (S12). */
  readonly folder: string | null;
  /** Commit of the tree, where it is a git checkout. */
  readonly commit: string | null;
  readonly settings: Settings;
  readonly hooks: Plan['hooks'];
  readonly overlays: Plan['overlays'];
};

/** Reads the folder of a recipe in the operator's tree; whatever is broken in it is a `Failure` that names it. */
export async function readTree(testsDir: string, recipe: string, signal?: AbortSignal): Promise<Tree> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(recipe)) {
    throw new Failure(exitStatus.badInput, 'bad-recipe', `${JSON.stringify(recipe)} is no name of a recipe`, {
      hint: 'letters, digits, ".", "_" and "-" are expected, as in the name of its repository',
    });
  }
  const folder = resolve(testsDir, recipe);
  if (!(await isFolder(folder))) {
    return {
      folder: null,
      commit: null,
      settings: readSettings(undefined, recipe),
      hooks: [],
      overlays: [],
      tests: [],
      warnings: [],
    };
  }
  const [hooks, overlays, found] = await Promise.all([
    findHooks(folder),
    findOverlays(folder),
    findTests(folder),
  ]);
  const text = await readOptional(join(folder, 'recipe.yml'));
  const settings = readSettings(text, join(folder, 'recipe.yml'));
  return { folder, commit: await commitOf(folder, signal), settings, hooks, overlays, ...found };
}

async function isFolder(path: string): Promise<boolean> {
  const entry = await stat(path).catch(() => null);
  return entry?.isDirectory() === true;
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new Failure(exitStatus.badInput, 'bad-settings', `cannot read ${path}: ${messageOf(error)}`);
  }
}
