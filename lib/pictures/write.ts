import { rename, writeFile } from 'node:fs/promises';
import { temporaryName } from '../state/files.ts';

/** Writes a picture by rename, so that nobody sees half of one; it is nothing that must not be lost. */
export async function writePicture(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = temporaryName(path);
  await writeFile(temporary, content);
  await rename(temporary, path);
}
