import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import { mergePatch } from './merge-patch.ts';

/**
 * Lays the files of a folder over a tree. A file `.removed` lists the paths that go, one a line; `<file>.merge` is a
 * merge patch for the YAML in `<file>`.
 */
export async function layOver(folder: string, tree: string): Promise<void> {
  await cp(folder, tree, { recursive: true, verbatimSymlinks: true });
  const list = join(tree, '.removed');
  const removed = (await readFile(list, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  await Promise.all([
    rm(list, { force: true }),
    ...removed.map((path) => rm(join(tree, path), { recursive: true })),
  ]);
  for (const patch of await fastGlob('**/*.merge', { cwd: tree, dot: true })) {
    const file = join(tree, patch.slice(0, -'.merge'.length));
    await writeFile(
      file,
      mergePatch(await readFile(file, 'utf8'), await readFile(join(tree, patch), 'utf8')),
    );
    await rm(join(tree, patch));
  }
}
