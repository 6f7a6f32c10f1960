import { readFile } from 'node:fs/promises';
import { exitStatus, Failure } from '../program/failure.ts';
import { readDiskSpace } from './disk-space.ts';

export type RoomNeeded = {
  readonly minDiskMb: number;
  readonly minMemoryMb: number;
};

export type Places = {
  /** Where the run directories are made. */
  readonly runs: string;
  /** Where the engine keeps its data; null where that is another machine. */
  readonly dataRoot: string | null;
};

/** What there is, in MiB; null where it cannot be known. */
export type Room = {
  readonly disks: readonly { readonly path: string; readonly freeMb: number | null }[];
  readonly memoryMb: number | null;
};

const mebibyte = 1024 * 1024;

/**
 * Sees that a run has room before it begins (L60). `Failure`s (75): `disk-pressure`, `memory-pressure`; what cannot be
 * known keeps nobody from running.
 */
export async function checkRoom(places: Places, needed: RoomNeeded): Promise<void> {
  const failure = judgeRoom(await readRoom(places), needed);
  if (failure !== null) throw failure;
}

/** The first thing that there is too little of. Pure. */
export function judgeRoom(room: Room, { minDiskMb, minMemoryMb }: RoomNeeded): Failure | null {
  const full = room.disks.find(({ freeMb }) => freeMb !== null && freeMb < minDiskMb);
  if (full !== undefined) {
    const there = `${Math.floor(full.freeMb ?? 0)} MiB are free in ${full.path}, and a run needs ${minDiskMb} MiB`;
    const hint = 'nothing begins until there is room: make space, run ccci-janitor, or lower stage.minDiskMb';
    return new Failure(exitStatus.leftOver, 'disk-pressure', `the disk is full: ${there}`, { hint });
  }
  if (room.memoryMb !== null && room.memoryMb < minMemoryMb) {
    const there = `${Math.floor(room.memoryMb)} MiB are available, and a run needs ${minMemoryMb} MiB`;
    const hint = 'nothing begins until there is room: end something, or lower stage.minMemoryMb';
    return new Failure(exitStatus.leftOver, 'memory-pressure', `memory is short: ${there}`, { hint });
  }
  return null;
}

async function readRoom({ runs, dataRoot }: Places): Promise<Room> {
  const paths = dataRoot === null ? [runs] : [runs, dataRoot];
  const disks = paths.map(async (path) => {
    const space = await readDiskSpace(path).catch(() => null);
    return { path, freeMb: space === null ? null : space.freeBytes / mebibyte };
  });
  return { disks: await Promise.all(disks), memoryMb: availableMb(await readMemory()) };
}

/** Empty where the system is no Linux. */
async function readMemory(): Promise<string> {
  return readFile('/proc/meminfo', 'utf8').catch(() => '');
}

/** `MemAvailable` of `/proc/meminfo`: what can be had without swapping. Pure. */
export function availableMb(meminfo: string): number | null {
  const found = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo);
  return found === null ? null : Number(found[1]) / 1024;
}
