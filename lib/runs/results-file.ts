import { constants, type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../program/failure.ts';

/** No `results.json` of ours comes near; what is larger is something else. */
const sizeLimit = 64 * 1024 * 1024;

/**
 * What a run's `results.json` holds, of whatever schema: undefined where there is none, null where it is damaged or no
 * regular file: a link or a pipe in its place would lead elsewhere, or keep us for ever. Throws what the file system
 * says of anything else.
 */
export async function readResultsFile(runs: string, id: string): Promise<unknown> {
  const file = await openOr(join(runs, id, 'results.json'));
  if (file === null || file === undefined) return file;
  try {
    const stats = await file.stat();
    if (!stats.isFile() || stats.size > sizeLimit) return null;
    return parse(await file.readFile('utf8'));
  } finally {
    await file.close();
  }
}

async function openOr(path: string): Promise<FileHandle | null | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'ELOOP' || code === 'ENXIO') return null;
    throw error;
  }
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content) ?? null;
  } catch {
    return null;
  }
}
