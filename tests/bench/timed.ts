import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';

export type Command = readonly [command: string, ...args: string[]];

/**
 * Runs a command with a file as its standard input and reads what it writes as fast as it comes; gives the time from
 * its start to its end in ms. A command that fails is an error: its time would mean nothing.
 */
export async function timed([command, ...args]: Command, input = '/dev/null'): Promise<number> {
  const file = await open(input, 'r');
  try {
    const startedAt = performance.now();
    const child = spawn(command, args, { stdio: [file.fd, 'pipe', 'inherit'], timeout: 600_000 });
    child.stdout!.resume();
    const status = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (status !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${status}`);
    return performance.now() - startedAt;
  } finally {
    await file.close();
  }
}

/** The same without what the command takes to start and end on no input at all, measured just before. */
export async function timedWithoutStart(command: Command, input: string): Promise<number> {
  const start = await timed(command);
  return (await timed(command, input)) - start;
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
