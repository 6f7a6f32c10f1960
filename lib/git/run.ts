import { execa } from 'execa';
import { exitStatus, Failure, messageOf } from '../program/failure.ts';
import { gitEnvironment, gitSettings } from './settings.ts';

/** What git may speak besides https, and how long and how much. */
export type GitOptions = {
  readonly cwd?: string;
  readonly protocols?: readonly ('http' | 'file')[];
  /** Further variables, `GIT_INDEX_FILE` for example. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Largest file that git may write, bytes: a bound for what a repository can send. */
  readonly fileLimitBytes?: number;
  /** Largest output that is read, bytes; more ends it. */
  readonly outputBytes?: number;
  readonly signal?: AbortSignal;
};

export type GitResult = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

const defaultTimeoutMs = 60_000;
const defaultFileLimitBytes = 1024 ** 3;

/**
 * Runs git so that nothing from the repository, the user or the system can run or steer: no hooks, filters, submodules,
 * links or foreign configuration, no prompt, no protocol but https unless named. The only place that starts git.
 * Any exit status is a result; a limit, a cancel or a missing git is a `Failure`. Source: security.md, row clone.
 */
export async function git(args: readonly string[], options: GitOptions = {}): Promise<GitResult> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  options.signal?.throwIfAborted();
  const blocks = Math.floor((options.fileLimitBytes ?? defaultFileLimitBytes) / 512);
  const command = [
    '-c',
    `ulimit -f ${blocks}; exec git "$@"`,
    'git',
    ...gitSettings(options.protocols ?? []),
    ...args,
  ];
  const child = execa('sh', command, {
    cwd: options.cwd ?? '/',
    env: gitEnvironment(options.env ?? {}),
    extendEnv: false,
    detached: true,
    reject: false,
    stdin: 'ignore',
    stripFinalNewline: false,
    maxBuffer: options.outputBytes ?? 64 * 1024 * 1024,
  });
  const ended = await within(child, { timeoutMs, signal: options.signal, verb: verbOf(args) });
  if (ended.exitCode === undefined) throw stopped(ended, verbOf(args), options);
  if (ended.exitCode === 127) throw noGit(ended.stderr);
  return { exitCode: ended.exitCode, stdout: ended.stdout, stderr: ended.stderr };
}

/** Runs git and insists on status 0; anything else is a `Failure` `git-failed` with git's own words. */
export async function gitOk(args: readonly string[], options: GitOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await git(args, options);
  if (exitCode === 0) return stdout;
  const words = stderr.trim() || `status ${exitCode}`;
  throw new Failure(exitStatus.badInput, 'git-failed', `git ${verbOf(args)} failed: ${words}`);
}

type Ended = {
  readonly exitCode?: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly signal?: string | undefined;
  readonly timedOut: boolean;
  readonly cause?: unknown;
};

type Limit = { readonly timeoutMs: number; readonly signal: AbortSignal | undefined; readonly verb: string };

/** Waits for the child; at the limit or at a cancel its whole process group is ended. */
async function within(
  child: PromiseLike<Omit<Ended, 'timedOut'>> & { readonly pid?: number | undefined },
  { timeoutMs, signal }: Limit,
): Promise<Ended> {
  let timedOut = false;
  const end = () => endGroup(child.pid);
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, timeoutMs);
  signal?.addEventListener('abort', end, { once: true });
  try {
    const { exitCode, stdout, stderr, signal: by, cause } = await child;
    return { exitCode, stdout, stderr, signal: by, timedOut, cause };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function stopped(ended: Ended, verb: string, { timeoutMs = defaultTimeoutMs, signal }: GitOptions): unknown {
  if (ended.timedOut) {
    const message = `git ${verb} did not end within ${timeoutMs / 1000} s`;
    return new Failure(exitStatus.unavailable, 'git-timeout', message, {
      hint: 'is the repository reachable?',
    });
  }
  if (signal?.aborted) return signal.reason;
  if (ended.signal === 'SIGXFSZ') {
    return new Failure(
      exitStatus.badInput,
      'git-refused',
      `git ${verb} was stopped: the repository is too large`,
    );
  }
  const words = ended.signal === undefined ? messageOf(ended.cause) : `ended by ${ended.signal}`;
  return new Failure(exitStatus.unavailable, 'git-failed', `git ${verb}: ${words}`);
}

function noGit(words: string): Failure {
  return new Failure(exitStatus.unavailable, 'git-missing', `git cannot be started: ${words.trim()}`, {
    hint: 'install git',
  });
}

function verbOf(args: readonly string[]): string {
  return args.find((arg, at) => !arg.startsWith('-') && args[at - 1] !== '-C') ?? '';
}
