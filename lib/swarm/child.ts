import { execa } from 'execa';

export type ChildOptions = {
  /** All that the child gets; nothing is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly input?: string;
  readonly cwd?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type ChildResult = {
  /** Null when the child could not be started or was killed. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why there is no exit code: `timeout`, `aborted`, or the system's word (`ENOENT`). */
  readonly ended: string | null;
};

/** Runs a child in a process group of its own, within a time limit; when it ends early the whole group is killed. */
export async function runChild(
  command: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<ChildResult> {
  const child = execa(command, args, {
    env: options.env as Record<string, string>,
    extendEnv: false,
    detached: true,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: 20_000_000,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
  });
  let ended: string | null = null;
  const end = (why: string) => {
    ended = why;
    killGroup(child.pid);
  };
  const timer = setTimeout(() => end('timeout'), options.timeoutMs);
  const onAbort = () => end('aborted');
  if (options.signal?.aborted) onAbort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const { exitCode, stdout, stderr, code } = await child;
    return {
      exitCode: ended ? null : (exitCode ?? null),
      stdout,
      stderr,
      ended: ended ?? (exitCode === undefined ? (code ?? 'killed') : null),
    };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

/** Kills a whole process group; one that is gone already is fine. */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
