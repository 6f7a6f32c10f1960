import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What ccci-units puts on a host: the description of the units, and the scripts that some of them run. */
export async function readHostFiles(root: string): Promise<Map<string, string>> {
  const folder = join(root, 'modules', 'host');
  const scripts = (await readdir(folder)).sort().map((name) => join(folder, name));
  const files = [join(root, 'modules', 'units.json'), ...scripts];
  const read = async (path: string): Promise<[string, string]> => [
    path.slice(path.lastIndexOf('/') + 1),
    await readFile(path, 'utf8'),
  ];
  return new Map(await Promise.all(files.map(read)));
}
