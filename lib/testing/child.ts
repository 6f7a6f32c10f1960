import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { makeLines } from './lines.ts';

export type ChildOptions = {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  /** Descriptor that the command may write a report to, just below `statusFd`. */
  readonly reportFd: number;
  /** Descriptor of bubblewrap's own report. */
  readonly statusFd: number;
  /** What is readable on the descriptors behind `statusFd`. */
  readonly inputs: readonly (string | Uint8Array)[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
};

export type ChildEnding = {
  /** Null when it was ended by a signal. */
  readonly exitCode: number | null;
  /** Standard output alone, the first 8 MiB. */
  readonly stdout: string;
  /** There was more of it. */
  readonly stdoutCut: boolean;
  /** Both, as they came, the first 8 MiB. */
  readonly output: string;
  readonly report: string;
  readonly timedOut: boolean;
  /** It wrote more than `mostOutput`, and was ended for it. */
  readonly overflowed: boolean;
  readonly cancelled: boolean;
  /** False where bubblewrap never got as far as the command. */
  readonly started: boolean;
};

const keptBytes = 8 * 1024 * 1024;
/** A command that writes more than this is ended, in characters. */
export const mostOutput = 64 * 1024 * 1024;
const graceMs = 3_000;

/**
 * Runs bubblewrap in a process group of its own. At the time limit, or at a cancel, everything inside gets SIGTERM and
 * 3 s later SIGKILL: with the first process inside, all others end, also those that left their group (L23).
 */
export async function runChild(options: ChildOptions): Promise<ChildEnding> {
  const child = start(options);
  let why: 'timeout' | 'cancel' | 'output' | undefined;
  const texts = collect(child, options, () => stop('output'));
  const stopper = makeStopper(child, () => texts.status());
  const stop = (reason: 'timeout' | 'cancel' | 'output') => {
    why ??= reason;
    stopper.stop();
  };
  const timer = setTimeout(() => stop('timeout'), options.timeoutMs);
  const onAbort = () => stop('cancel');
  options.signal.addEventListener('abort', onAbort, { once: true });
  if (options.signal.aborted) onAbort();
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    texts.end();
    const started = texts.status().includes('"exit-code"');
    const exitCode = why === undefined && (code ?? 0) < 128 ? code : null;
    const ended = {
      timedOut: why === 'timeout',
      overflowed: why === 'output',
      cancelled: why === 'cancel',
      started,
    };
    const read = { stdout: texts.stdout(), stdoutCut: texts.isCut(), output: texts.output() };
    return { exitCode, ...read, report: texts.report(), ...ended };
  } finally {
    clearTimeout(timer);
    stopper.clear();
    options.signal.removeEventListener('abort', onAbort);
  }
}

function start({ file, args, env, stdin, inputs }: ChildOptions): ChildProcess {
  const stdio = ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', ...inputs.map(() => 'pipe' as const)] as 'pipe'[];
  const child = spawn(file, args, { cwd: '/', env, detached: true, stdio });
  // bubblewrap closes what it has read, and a command need not read its input: neither is an error.
  const feed = (stream: unknown, content: string | Uint8Array) => {
    (stream as Writable | null)?.on('error', () => {}).end(content);
  };
  feed(child.stdin, stdin);
  for (const [index, content] of inputs.entries()) feed(child.stdio[5 + index], content);
  return child;
}

function collect(child: ChildProcess, { reportFd, statusFd, onLine }: ChildOptions, onFlood: () => void) {
  let size = 0;
  let isCut = false;
  const kept = { stdout: '', output: '', report: '', status: '' };
  const lines = { out: makeLines(onLine), err: makeLines(onLine) };
  /** False from the limit on: what is in the pipes still is read, and thrown away. */
  const isWanted = (text: string) => {
    size += text.length;
    if (size > mostOutput) onFlood();
    return size <= mostOutput;
  };
  const listen = (stream: unknown, take: (text: string) => void) => {
    (stream as Readable | null)
      ?.setEncoding('utf8')
      .on('error', () => {})
      .on('data', take);
  };
  const keep = (name: keyof typeof kept, text: string) => {
    if (name === 'stdout' && kept.stdout.length + text.length > keptBytes) isCut = true;
    if (kept[name].length < keptBytes) kept[name] += text.slice(0, keptBytes - kept[name].length);
  };
  listen(child.stdout, (text) => {
    if (!isWanted(text)) return;
    keep('stdout', text);
    keep('output', text);
    lines.out.add(text);
  });
  listen(child.stderr, (text) => {
    if (!isWanted(text)) return;
    keep('output', text);
    lines.err.add(text);
  });
  listen(child.stdio[reportFd], (text) => keep('report', text));
  listen(child.stdio[statusFd], (text) => keep('status', text));
  return {
    stdout: () => kept.stdout,
    isCut: () => isCut,
    output: () => kept.output,
    report: () => kept.report,
    status: () => kept.status,
    end: () => {
      lines.out.end();
      lines.err.end();
    },
  };
}

function makeStopper(child: ChildProcess, status: () => string) {
  let grace: NodeJS.Timeout | undefined;
  const inside = () => Number(/"child-pid":\s*(\d+)/.exec(status())?.[1] ?? 0);
  const kill = () => {
    endGroup(child.pid, 'SIGKILL');
    endGroup(inside(), 'SIGKILL');
  };
  return {
    stop: () => {
      if (grace !== undefined) return;
      if (inside() === 0) return kill();
      // The first process inside takes no SIGTERM from here, but all others of its group do.
      endGroup(inside(), 'SIGTERM');
      grace = setTimeout(kill, graceMs);
    },
    clear: () => clearTimeout(grace),
  };
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined || pid === 0) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}
