import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../program/failure.ts';

const blockBytes = 512;

/** What a folder takes of the disk, with all below it; 0 where it is not there, and of what goes while it is looked at. */
export async function readDiskSize(folder: string): Promise<number> {
  const own = await lstat(folder).catch(orGone);
  if (own === null) return 0;
  let bytes = own.blocks * blockBytes;
  if (!own.isDirectory()) return bytes;
  for (const name of (await readdir(folder).catch(orGone)) ?? [])
    bytes += await readDiskSize(join(folder, name));
  return bytes;
}

function orGone(error: unknown): null {
  if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(codeOf(error) ?? '')) return null;
  throw error;
}
