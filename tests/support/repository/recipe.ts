import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layOver } from './lay-over.ts';

export const recipesDir = join(import.meta.dirname, '..', '..', 'recipes');

/** The folder that is laid over every commit. */
const everywhere = 'all';

/** One commit of a recipe: its name, and the folders that are laid over the tree for it, in order. */
export type LayerFolders = { readonly name: string; readonly folders: readonly string[] };

/**
 * The commits of a recipe by name, with what makes each: a recipe with a file `from` lays its own folders over those of
 * the recipe that it names, and `repo/all` over every commit. A file `without` lists commits that it leaves out.
 */
export async function layerFolders(recipe: string, dir = recipesDir): Promise<LayerFolders[]> {
  const chain = await chainOf(recipe, dir);
  const repos = chain.map((name) => join(dir, name, 'repo')).filter((folder) => existsSync(folder));
  const names = new Set((await Promise.all(repos.map((folder) => readdir(folder)))).flat());
  names.delete(everywhere);
  for (const name of await lines(join(dir, recipe, 'without'))) names.delete(name);
  return [...names].map((name) => ({
    name,
    folders: repos
      .flatMap((repo) => [join(repo, name), join(repo, everywhere)])
      .filter((folder) => existsSync(folder)),
  }));
}

/** Lays the operator's tests for a recipe into a folder, which is made; nothing where the recipe has none. */
export async function layTests(recipe: string, into: string, dir = recipesDir): Promise<void> {
  const folders = (await chainOf(recipe, dir)).map((name) => join(dir, name, 'tests'));
  for (const folder of folders.filter((candidate) => existsSync(candidate))) {
    await mkdir(into, { recursive: true });
    await layOver(folder, into);
  }
}

/** The recipe and those that it is made from, the first one first. */
async function chainOf(recipe: string, dir: string): Promise<string[]> {
  const [from] = await lines(join(dir, recipe, 'from'));
  return from === undefined ? [recipe] : [...(await chainOf(from, dir)), recipe];
}

async function lines(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean);
}
