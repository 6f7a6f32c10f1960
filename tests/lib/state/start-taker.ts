import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const limitMs = 60_000;

export type Taker = {
  /** Lets the process try; its answer, `got` or `null`. */
  readonly take: () => Promise<string>;
  readonly letGo: () => Promise<void>;
  readonly kill: () => Promise<void>;
};

/** Starts a process that waits before it locks a file (`lock`) or claims one of a state (`claim`). */
export async function startTaker(...args: readonly string[]): Promise<Taker> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('taker.ts', import.meta.url)), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    timeout: limitMs,
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  await lines.next();
  return {
    take: async () => {
      child.stdin!.write('go\n');
      return String((await lines.next()).value);
    },
    letGo: () => ended(child, () => child.stdin!.write('go\n')),
    kill: () => ended(child, () => child.kill('SIGKILL')),
  };
}

async function ended(child: ChildProcess, act: () => void): Promise<void> {
  const exit = once(child, 'exit', { signal: AbortSignal.timeout(limitMs) });
  act();
  await exit;
}
