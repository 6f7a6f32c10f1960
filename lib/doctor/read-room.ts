import { readFile } from 'node:fs/promises';
import { readDiskSpace } from '../runs/disk-space.ts';
import { availableMb } from '../runs/pressure.ts';

export type DiskSpaceFact = { readonly path: string; readonly freeMb: number };

const mebibyte = 1024 ** 2;

/** What is free where each of these lies or will lie; a place that cannot be looked at is left out. */
export async function readDisks(paths: readonly string[]): Promise<DiskSpaceFact[]> {
  const disks = paths.map(async (path) => {
    const space = await readDiskSpace(path).catch(() => null);
    return space === null ? [] : [{ path, freeMb: Math.floor(space.freeBytes / mebibyte) }];
  });
  return (await Promise.all(disks)).flat();
}

/** Memory that can be had, in MiB; null where the system does not say. */
export async function readMemory(): Promise<number | null> {
  const memory = availableMb(await readFile('/proc/meminfo', 'utf8').catch(() => ''));
  return memory === null ? null : Math.floor(memory);
}
