import type { Locks } from '@ccci/lib/state/lock.ts';
import type { SimulatedDisk } from './disk.ts';

/**
 * Locks of files on a simulated disk, as flock has them: of the file, not of its name, so that they survive a rename.
 * They die with the programs: each life makes its own.
 */
export function simulatedLocks(disk: SimulatedDisk): Locks {
  const held = new Set<number>();
  return {
    take: async (path) => {
      const inode = disk.inode(path);
      if (inode === null || held.has(inode)) return null;
      held.add(inode);
      return { path, release: () => void held.delete(inode) };
    },
  };
}
