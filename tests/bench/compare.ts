import { spawnSync } from 'node:child_process';
import { median } from './timed.ts';

/**
 * Runs two commands by turns and gives the median time of each in ms. Whatever else the machine does then hits both.
 * A command that fails is an error: its time would mean nothing.
 */
export function comparePaired(ours: readonly string[], peer: readonly string[], rounds: number) {
  const times = { ours: [] as number[], peer: [] as number[] };
  time(ours);
  time(peer);
  for (let round = 0; round < rounds; round += 1) {
    times.ours.push(time(ours));
    times.peer.push(time(peer));
  }
  return { ours: median(times.ours), peer: median(times.peer) };
}

function time([command, ...args]: readonly string[]): number {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(command!, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  const ms = performance.now() - startedAt;
  if (status === 0) return ms;
  throw new Error(`${[command, ...args].join(' ')} ended with ${status}: ${stderr}`);
}
