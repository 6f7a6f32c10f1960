import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isPlainName } from '@ccci/lib/pages/published.ts';
import { realDisk } from '@ccci/lib/state/files.ts';

/** Removes history and badge of a recipe that no run is left of: what is shown is what the records say. */
export async function removeRecipe(directory: string, recipe: string): Promise<void> {
  await rm(join(directory, 'recipe', recipe), { recursive: true, force: true });
  await rm(join(directory, 'badge', `${recipe}.svg`), { force: true });
}

/** Removes pages of older runs behind the last one: there are fewer when the janitor was there. */
export async function removePages(directory: string, recipe: string, count: number): Promise<void> {
  const folder = join(directory, 'recipe', recipe);
  for (const name of await realDisk.list(folder)) {
    if (/^[1-9]\d*$/.test(name) && Number(name) > count) await rm(join(folder, name), { recursive: true });
  }
}

/** Recipes that have a page, but no run. */
export async function listGone(directory: string, recipes: ReadonlySet<string>): Promise<readonly string[]> {
  const names = await realDisk.list(join(directory, 'recipe'));
  return names.filter((name) => isPlainName(name) && !recipes.has(name));
}
