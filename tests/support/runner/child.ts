import { spawn } from 'node:child_process';

export type ChildOptions = {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** Ends the child early. */
  readonly signal: AbortSignal;
  readonly onStdout: (text: string) => void;
  readonly onStderr: (text: string) => void;
};

/** How a child ended: `undefined` for status 0, else in words. */
export type Ending = string | undefined;

const graceMs = 10_000;

/**
 * Runs a child in a process group of its own. When its time is up, or on `signal`, the group gets SIGTERM and 10 s later
 * SIGKILL; when the child has ended, whatever it left in its group is killed.
 */
export function runChild(options: ChildOptions): Promise<Ending> {
  const [command, ...args] = options.argv;
  const { cwd, env, timeoutMs, signal } = options;
  const child = spawn(command!, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.setEncoding('utf8').on('data', options.onStdout);
  child.stderr.setEncoding('utf8').on('data', options.onStderr);
  let reason: string | undefined;
  let grace: NodeJS.Timeout | undefined;
  const stop = (why: string) => {
    reason ??= why;
    kill(child.pid, 'SIGTERM');
    grace ??= setTimeout(() => kill(child.pid, 'SIGKILL'), graceMs);
  };
  const limit = setTimeout(() => stop(`took longer than ${timeoutMs / 1000} s`), timeoutMs);
  const onAbort = () => stop('interrupted');
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  return new Promise<Ending>((resolve, reject) => {
    child.on('error', reject);
    // A process that outlived the child may hold its pipes open; then `close` comes when it is killed here.
    child.on('exit', () => kill(child.pid, 'SIGKILL'));
    child.on('close', (code, by) =>
      resolve(reason ?? (by ? `ended by ${by}` : code ? `exit status ${code}` : undefined)),
    );
  }).finally(() => {
    clearTimeout(limit);
    clearTimeout(grace);
    signal.removeEventListener('abort', onAbort);
  });
}

function kill(group: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (group !== undefined) process.kill(-group, signal);
  } catch {
    // The group is gone already.
  }
}
