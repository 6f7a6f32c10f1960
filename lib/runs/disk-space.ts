import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../program/failure.ts';

export type DiskSpace = {
  /** For a user without special rights. */
  readonly freeBytes: number;
  /** 0 to 100, as `df` counts: of what such a user could have. */
  readonly usedPercent: number;
};

/** The file system that a path lies on, or will lie on once it is made. Throws what the file system says. */
export async function readDiskSpace(path: string): Promise<DiskSpace> {
  try {
    const { bsize, blocks, bfree, bavail } = await statfs(path);
    const used = blocks - bfree;
    const all = used + bavail;
    return { freeBytes: bavail * bsize, usedPercent: all === 0 ? 0 : (100 * used) / all };
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    return readDiskSpace(dirname(path));
  }
}
