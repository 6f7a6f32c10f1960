import { type ChildProcess, spawn } from 'node:child_process';
import { codeOf, exitStatus, Failure } from './failure.ts';

export type Stdio = 'pipe' | 'inherit' | 'ignore';

export type ChildOptions = {
  readonly stdio: readonly [Stdio, Stdio, Stdio];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Its reason, a signal's name, is passed on. */
  readonly stopping: AbortSignal;
};

export type ProgramChild = {
  readonly process: ChildProcess;
  /** Its exit status, as a shell has it where a signal ended it. `Failure` 69 when it cannot be started. */
  readonly ended: Promise<number>;
};

/**
 * Starts another of our programs. It has a process group of its own, so that what is typed at a terminal reaches it
 * once, through us, and not a second time by itself: two signals end a program at once (records.md, rule 5).
 */
export function startProgram(file: string, args: readonly string[], options: ChildOptions): ProgramChild {
  const { stdio, env, cwd, stopping } = options;
  const child = spawn(file, args, { stdio: [...stdio], env, cwd, detached: true });
  const tell = () => child.kill(signalOf(stopping));
  if (stopping.aborted) tell();
  stopping.addEventListener('abort', tell, { once: true });
  // A second signal ends us at once; it is the second one of the child, too.
  process.once('exit', tell);
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(cannotStart(file, error)));
    child.once('close', (status, signal) => resolve(status ?? statusOf(signal)));
  }).finally(() => {
    stopping.removeEventListener('abort', tell);
    process.removeListener('exit', tell);
  });
  return { process: child, ended };
}

function signalOf({ reason }: AbortSignal): NodeJS.Signals {
  return reason === 'SIGINT' || reason === 'SIGHUP' ? reason : 'SIGTERM';
}

function statusOf(signal: NodeJS.Signals | null): number {
  return signal === 'SIGINT' ? exitStatus.interrupted : signal === 'SIGTERM' ? exitStatus.terminated : 137;
}

function cannotStart(file: string, cause: Error): Failure {
  const message = `cannot start ${file}: ${codeOf(cause) ?? cause.message}`;
  return new Failure(exitStatus.unavailable, 'no-program', message, { cause });
}
