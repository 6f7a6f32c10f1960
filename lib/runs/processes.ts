import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { codeOf } from '../program/failure.ts';

/** What a run's processes are known by. */
export type OfRun = {
  /** Absolute directory of the run. */
  readonly directory: string;
  /** Names of its stacks. */
  readonly stacks: readonly string[];
};

export type Process = { readonly pid: number; readonly words: string };

/** What is known of a process; `cwd` is null where the system does not say. */
export type Seen = { readonly pid: number; readonly args: readonly string[]; readonly cwd: string | null };

/**
 * Kills what a dead run left running: children have process groups of their own, so a `docker stack deploy` or git
 * outlives a killed stage, and would go on making things. To be called with the lock of the run held. Gives what was
 * killed; nothing where the system has no `/proc`.
 */
export async function killOfRun(run: OfRun): Promise<Process[]> {
  const found = await listOfRun(run);
  for (const { pid } of found) kill(pid);
  return found;
}

/** The processes of a run, ours excepted. */
export async function listOfRun(run: OfRun): Promise<Process[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const seen = await Promise.all(pids.filter((pid) => pid !== process.pid).map(look));
  return seen
    .flatMap((one) => one ?? [])
    .filter((one) => isOfRun(one, run))
    .map(({ pid, args }) => ({ pid, words: [basename(args[0] ?? ''), ...args.slice(1, 3)].join(' ') }));
}

/** What a run starts and what may outlive its stage; a person's shell or editor in its folder is none of them. */
const ours = /^\.?(?:docker|git|git-[a-z-]+|restic|bwrap)(?:-wrapped)?$/;

/** Whether a process works in a run's `work`, or deploys a stack of it. Pure. */
export function isOfRun({ args, cwd }: Seen, { directory, stacks }: OfRun): boolean {
  if (!ours.test(basename(args[0] ?? ''))) return false;
  const work = join(directory, 'work');
  const isInside = (path: string) => path === work || path.startsWith(`${work}/`);
  if (cwd !== null && isInside(cwd)) return true;
  if (args.some((arg) => isInside(arg) || arg.split(/[=:]/).some(isInside))) return true;
  return args[1] === 'stack' && args[2] === 'deploy' && stacks.includes(args.at(-1) ?? '');
}

/** Null for what has ended, or is somebody else's. */
async function look(pid: number): Promise<Seen | null> {
  try {
    const [line, cwd] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readlink(`/proc/${pid}/cwd`).catch(() => null),
    ]);
    const args = line.split('\0').slice(0, -1);
    return args.length === 0 ? null : { pid, args, cwd };
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
