import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOf } from '@ccci/lib/program/failure.ts';
import { writeDurably } from '@ccci/lib/state/files.ts';
import { makeFolders } from '@ccci/lib/state/folders.ts';

/** Beside the built programs (`dist/bin`), and for the code itself where a build has been made. */
const places = ['../site/', '../../dist/site/'];

/** The scripts of the pages, name to content; null where the program was copied without them: pages do without. */
export async function readAssets(): Promise<ReadonlyMap<string, string> | null> {
  for (const place of places) {
    const folder = fileURLToPath(new URL(place, import.meta.url));
    const names = await readdir(folder).catch((error) => {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    });
    const files = names
      .sort()
      .map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const);
    if (names.length > 0) return new Map(await Promise.all(files));
  }
  return null;
}

/**
 * Writes them into `assets/` of the pages; what is there already as it should be is left alone. False where there are
 * none to write.
 */
export async function writeAssets(directory: string): Promise<boolean> {
  const assets = await readAssets();
  if (assets === null) return false;
  const folder = join(directory, 'assets');
  await makeFolders(folder);
  for (const [name, content] of assets) {
    const path = join(folder, name);
    if ((await readFile(path, 'utf8').catch(() => undefined)) !== content) await writeDurably(path, content);
  }
  return true;
}
