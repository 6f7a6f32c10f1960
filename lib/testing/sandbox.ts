import { dirname } from 'node:path';
import type { SandboxPrograms } from './programs.ts';

/** A file that exists only inside. */
export type GivenFile = { readonly path: string; readonly content: string };

export type SandboxView = {
  readonly programs: SandboxPrograms;
  /** Folder that is shown read-only as `/tests`. */
  readonly tree: string;
  /** System folders and links, as `listSystem` found them. */
  readonly system: readonly SystemPath[];
  /** Further files and folders that are shown read-only: outside, and where. */
  readonly shown: readonly { readonly from: string; readonly to: string }[];
  readonly files: readonly GivenFile[];
  /** What each process inside may hold in memory; 4 GiB unless told. */
  readonly memoryBytes?: number;
  /** Groups that the command keeps, to open a socket of theirs. */
  readonly groups?: readonly number[];
  /** Descriptor that bubblewrap reports on; the files' content comes on those that follow, then the filter of calls. */
  readonly statusFd: number;
};

export type SystemPath =
  | { readonly path: string; readonly kind: 'folder' }
  | { readonly path: string; readonly kind: 'link'; readonly target: string };

/** Where the tree is inside: the same on every machine, so that messages are. */
export const treeInside = '/tests';
export const nodeInside = '/opt/ccci/bin/node';

/** Who a test is: nobody. */
const uid = '65534';
const tmpBytes = 512 * 1024 * 1024;
const sharedBytes = 256 * 1024 * 1024;
const limits = ['--nproc=2048', `--fsize=${1024 ** 3}`, '--core=0', '--nofile=8192'];
const memoryBytes = 4 * 1024 ** 3;

/** Where memory runs out, the machine ends a test before anything of ours or of the engine. */
const firstToGo = ['-n', '1000'];

/**
 * Arguments for bubblewrap, up to the command: own processes, files and user, the network shared (a test must reach
 * the app), of the system only programs, libraries and certificates, everything read-only but `/tmp`.
 *
 * As root the sandbox is set up first and the user really changed then: a user namespace alone would leave the
 * test with root's rights on sockets without a path. Source: lab.md, last section; security.md, row tests and hooks.
 */
export function sandboxArguments(view: SandboxView): string[] {
  const asRoot = view.programs.setpriv !== null;
  return [
    ...(asRoot ? [] : ['--unshare-user', '--uid', uid, '--gid', uid]),
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--die-with-parent', '--new-session', '--json-status-fd', String(view.statusFd)],
    ...folders(view).flatMap((folder) => ['--perms', '0755', '--dir', folder]),
    ...view.system.flatMap(showSystem),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['--perms', '1777', '--size', String(sharedBytes), '--tmpfs', '/dev/shm'],
    ...['--perms', '1777', '--size', String(tmpBytes), '--tmpfs', '/tmp'],
    ...view.shown.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    ...['--ro-bind', view.tree, treeInside],
    ...view.files.flatMap(({ path }, index) => giveFile(path, view.statusFd + 1 + index)),
    ...['--seccomp', String(view.statusFd + 1 + view.files.length)],
    ...['--remount-ro', '/', '--chdir', treeInside, '--'],
    ...[view.programs.choom, ...firstToGo, '--', view.programs.prlimit, ...limits, dataLimit(view), '--'],
    ...(view.programs.setpriv === null ? [] : [view.programs.setpriv, ...becomeNobody(view), '--']),
  ];
}

function dataLimit(view: SandboxView): string {
  return `--data=${view.memoryBytes ?? memoryBytes}`;
}

function becomeNobody({ groups = [] }: SandboxView): string[] {
  return [
    ...['--reuid', uid, '--regid', uid, '--no-new-privs'],
    ...(groups.length === 0 ? ['--clear-groups'] : ['--groups', groups.join(',')]),
    ...['--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all'],
  ];
}

function showSystem(entry: SystemPath): string[] {
  return entry.kind === 'link'
    ? ['--symlink', entry.target, entry.path]
    : ['--ro-bind', entry.path, entry.path];
}

function giveFile(path: string, descriptor: number): string[] {
  return ['--perms', '0444', '--ro-bind-data', String(descriptor), path];
}

/** All folders that lead to what is shown: bubblewrap would make them for its own user alone. */
function folders({ shown, files, system }: SandboxView): string[] {
  const paths = [
    ...system.map(({ path }) => path),
    ...shown.map(({ to }) => to),
    ...files.map(({ path }) => path),
    `${treeInside}/x`,
  ];
  const links = new Set(system.map(({ path }) => path));
  const all = paths.flatMap((path) => ancestors(path));
  return [...new Set(all)].filter((path) => !links.has(path)).sort();
}

function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === '/' ? [] : [...ancestors(parent), parent];
}
