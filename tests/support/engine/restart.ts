import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Box } from './box.ts';
import { callEngine } from './call.ts';

const limitMs = 180_000;

/**
 * Kills a box's engine by SIGKILL and waits until the next one answers: `engine` as after a crash, the containers live on
 * until the new one finds them; `machine` as after a power cut, everything in the box is killed with it. Only for a box
 * of one's own. A swarm that is locked by then stays so: `state`.
 */
export async function restartEngine(
  box: Pick<Box, 'dir' | 'socket'>,
  what: 'engine' | 'machine',
  state: 'active' | 'locked' = 'active',
): Promise<void> {
  const before = enginePid(box.dir);
  writeFileSync(join(box.dir, 'restart'), what);
  process.kill(before, 'SIGKILL');
  const deadline = Date.now() + limitMs;
  while (!(await isBack(box, before, state))) {
    if (Date.now() > deadline) throw new Error(`the engine is not back after ${limitMs} ms`);
    // An engine that is not there yet has no events.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function isBack(
  { dir, socket }: Pick<Box, 'dir' | 'socket'>,
  before: number,
  state: string,
): Promise<boolean> {
  try {
    if (enginePid(dir) === before) return false;
    const info = JSON.parse(await callEngine(socket, 'GET', '/info')) as {
      Swarm?: { ControlAvailable?: boolean; LocalNodeState?: string };
    };
    if (state === 'locked') return info.Swarm?.LocalNodeState === state;
    if (info.Swarm?.ControlAvailable !== true) return false;
    await callEngine(socket, 'GET', '/services');
    return true;
  } catch {
    return false;
  }
}

/** The process of the engine whose data lies in this box. */
export function enginePid(dir: string): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const args = argsOf(pid);
    if (args[0] === 'dockerd' && args.includes(join(dir, 'data'))) return Number(pid);
  }
  throw new Error(`no engine runs in ${dir}`);
}

function argsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
