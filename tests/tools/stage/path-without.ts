import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A `PATH` on which everything is that is on the given one, but these programs: a folder of links in `dir`. */
export function pathWithout(dir: string, path: string, names: readonly string[]): string {
  const links = join(dir, `path-without-${names.join('-')}`);
  mkdirSync(links);
  const taken = new Set(names);
  for (const folder of path.split(delimiter).filter((one) => existsSync(one))) {
    for (const name of readdirSync(folder)) {
      if (taken.has(name)) continue;
      taken.add(name);
      symlinkSync(join(folder, name), join(links, name));
    }
  }
  return links;
}
