import type { Disk } from '@ccci/lib/state/files.ts';
import { callSite } from './call-site.ts';
import { emptyFolder, type Nodes } from './nodes.ts';
import { type Survival, survivals, surviving } from './survive.ts';
import {
  changeFile,
  linkPath,
  listFolder,
  makeFolder,
  missingFolders,
  numberOf,
  readFile,
  removePath,
  renamePath,
  syncPath,
  type Tree,
  treeOf,
} from './tree.ts';

/** Something that changes the disk; reading is no operation. */
export type Operation = {
  readonly what: 'make folder' | 'write' | 'append' | 'sync' | 'rename' | 'link' | 'remove';
  readonly path: string;
  /** Of a sync, where `without` asks for it: the lines of lib and tools that led to it, innermost first. */
  readonly site?: string;
};

export type SimulatedDisk = Disk & {
  /** What was done since this disk was made, survived or was taken over. */
  readonly operations: readonly Operation[];
  /**
   * The n-th operation, from 1, and everything after it throws: the process is dead. Of the n-th itself everything is
   * in the page cache, so that it may survive, but a sync has made nothing durable.
   */
  readonly cutAfter: (n: number) => void;
  readonly isCut: () => boolean;
  /** What is there after a power cut and a new mount; this disk stays as it is, so another may be asked for. */
  readonly survive: (survival: Survival) => SimulatedDisk;
  /** What may be left now, each once: the extremes, each unsynced change missing, and so many at random. */
  readonly survivals: (seeds: number) => readonly Survival[];
  /** The same page cache for the next process: the one before was killed, the power stayed. */
  readonly restart: (options?: DiskOptions) => SimulatedDisk;
  /** The node that a path names, as `stat` gives it; null when nothing is there. */
  readonly inode: (path: string) => number | null;
};

export type DiskOptions = {
  /** A folder that is there, durably, with those above it; only `/` by default. */
  readonly home?: string;
  /** True for a sync that does nothing, silently: as if the line were taken out of the code. */
  readonly without?: (operation: Operation, index: number) => boolean;
};

/**
 * A disk in memory that forgets as a real one does when the power is cut. The rules, and why:
 * - Content is in the page cache until the file is synced, a name until the folder that holds it is: POSIX promises no
 *   more, though ext4 often does more. What was not synced may survive or not (`Survival`).
 * - A folder is a name in its parent: until that is synced, whatever is in it may be gone, synced or not.
 * - A file that was never synced may be empty under its new name (ext4, xfs, btrfs: delayed allocation), an append may
 *   be there in part, and what is there may end in NULs (a size that was written before the blocks).
 * - Names survive each by itself, in no order. A rename within a folder is whole or not at all, as all file systems
 *   with a journal promise. A rename to another folder may leave both names, never none by itself; while both name one
 *   file, a second rename between them does nothing (POSIX) and the old name stays.
 * - The sync of a folder is taken at its word: the names of that folder, nothing else. So a rename whose old folder is
 *   synced first is nowhere after a cut (the journals of the three write both; the next file system may not).
 * Errors are those of `realDisk`.
 */
export function makeDisk(options: DiskOptions = {}): SimulatedDisk {
  const nodes: Nodes = new Map([[0, emptyFolder()]]);
  const tree = treeOf(nodes);
  for (const folder of missingFolders(tree, options.home ?? '/')) makeFolder(tree, folder);
  return openDisk(surviving(nodes, 'everything'), options);
}

/** True for what every operation of a process throws whose power was cut. */
export function isPowerCut(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'POWER_CUT';
}

function openDisk(nodes: Nodes, options: DiskOptions): SimulatedDisk {
  const tree = treeOf(nodes);
  const process = startProcess();
  const { perform } = process;
  const sync = (path: string) => {
    const operation: Operation = {
      what: 'sync',
      path,
      ...(options.without === undefined ? {} : { site: callSite() }),
    };
    const index = process.operations.length + 1;
    perform(operation, () => {
      if (!options.without?.(operation, index)) syncPath(tree, path);
    });
  };
  return {
    operations: process.operations,
    cutAfter: process.cutAfter,
    isCut: process.isCut,
    survive: (survival) => openDisk(surviving(nodes, survival), options),
    survivals: (seeds) => survivals(nodes, seeds),
    restart: (others = options) => openDisk(new Map(nodes), others),
    inode: (path) => numberOf(tree, path) ?? null,
    read: async (path) => process.look(() => readFile(tree, path)),
    readPieces: async function* (path) {
      const content = process.look(() => readFile(tree, path));
      if (content !== undefined && content !== '') yield Buffer.from(content);
    },
    list: async (folder) => process.look(() => listFolder(tree, folder)),
    exists: async (path) => process.look(() => numberOf(tree, path) !== undefined),
    makeFolder: async (folder) => makeFolders(tree, folder, process),
    write: async (path, content) =>
      perform({ what: 'write', path }, () => changeFile(tree, path, { how: 'write', content })),
    append: async (path, content) =>
      perform({ what: 'append', path }, () => changeFile(tree, path, { how: 'append', content })),
    sync: async (path) => sync(path),
    rename: async (from, to) => perform({ what: 'rename', path: to }, () => renamePath(tree, from, to)),
    link: async (from, to) => perform({ what: 'link', path: to }, () => linkPath(tree, from, to)),
    remove: async (path) => perform({ what: 'remove', path }, () => removePath(tree, path)),
  };
}

type Process = {
  readonly operations: Operation[];
  readonly cutAfter: (n: number) => void;
  readonly isCut: () => boolean;
  readonly look: <Value>(work: () => Value) => Value;
  readonly perform: <Value>(operation: Operation, work: () => Value) => Value;
};

function startProcess(): Process {
  const operations: Operation[] = [];
  let last = Number.POSITIVE_INFINITY;
  const isCut = () => operations.length >= last;
  const live = () => {
    if (isCut()) throw Object.assign(new Error('the power was cut'), { code: 'POWER_CUT' });
  };
  return {
    operations,
    isCut,
    cutAfter: (n) => {
      last = n;
    },
    look: (work) => {
      live();
      return work();
    },
    perform: (operation, work) => {
      live();
      operations.push(operation);
      if (operation.what === 'sync') live();
      const value = work();
      live();
      return value;
    },
  };
}

function makeFolders(tree: Tree, folder: string, { look, perform }: Process): string | undefined {
  const missing = look(() => missingFolders(tree, folder));
  for (const path of missing) perform({ what: 'make folder', path }, () => makeFolder(tree, path));
  return missing[0];
}
