import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '@ccci/lib/program/failure.ts';
import { temporaryName } from '@ccci/lib/state/files.ts';
import { makeFolders } from '@ccci/lib/state/folders.ts';

/**
 * Writes a page that can be made again at any time: by rename, so that nobody sees half of one, and only where it says
 * something else, so that what browsers keep of it stays good. Without fsync: what a power cut damages is not what was
 * to be written, and is written at the next start.
 */
export async function writePage(path: string, content: string): Promise<void> {
  if ((await readOrNull(path)) === content) return;
  await makeFolders(dirname(path));
  const temporary = temporaryName(path);
  await writeFile(temporary, content);
  await rename(temporary, path);
}

async function readOrNull(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw error;
  });
}
