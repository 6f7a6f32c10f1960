import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Prepared } from './prepare.ts';
import { pathInside } from './read-inside.ts';

/** A comparison of files of configs and secrets by what is in them, whatever folder they lie in. */
export async function sameContent(
  sides: readonly Pick<Prepared, 'dir' | 'files'>[],
): Promise<(a: string, b: string) => boolean> {
  const contents = new Map<string, Buffer | null>();
  for (const { dir, files } of sides) {
    for (const { file } of files) {
      const path = await pathInside(dir, relative(dir, file));
      contents.set(file, path === undefined ? null : await readFile(path));
    }
  }
  return (a, b) => {
    const [first, second] = [contents.get(a) ?? null, contents.get(b) ?? null];
    return first !== null && second !== null && first.equals(second);
  };
}
