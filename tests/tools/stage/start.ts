import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AnyRecord } from '@ccci/lib/records/types.ts';

export type Ended = {
  /** Exit status, or the signal that nobody caught. */
  readonly exit: number | string;
  readonly records: readonly AnyRecord[];
  readonly stderr: string;
};

export type Started = {
  /** The first record, of those that were written and those to come, that fits; an error when the program ends before. */
  readonly until: (fits: (record: AnyRecord) => boolean, what: string) => Promise<AnyRecord>;
  /** Resolves when standard error has said this; an error when the program ends before. */
  readonly says: (words: RegExp) => Promise<void>;
  /** The records that were written until now. */
  readonly sofar: () => readonly AnyRecord[];
  /** To the whole process group, as a terminal does. */
  readonly signal: (name: NodeJS.Signals) => void;
  readonly pid: number;
  readonly ended: Promise<Ended>;
};

export type StartOptions = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Standard input, whole; records become lines. */
  readonly input?: readonly (object | string)[];
  /** Longest life of the program; 400 s by default. */
  readonly limitMs?: number | undefined;
};

const limitMs = 400_000;

/** Starts a program in a process group of its own and follows its records; it takes at most 400 s, or `limitMs`. */
export function start(argv: readonly [string, ...string[]], options: StartOptions): Started {
  const [command, ...args] = argv;
  const env = { PATH: process.env.PATH ?? '', ...engineOf(process.env), ...options.env };
  const child = spawn(command, args, {
    cwd: options.cwd,
    env,
    detached: true,
    timeout: options.limitMs ?? limitMs,
  });
  const said = follow(child);
  child.stdin.on('error', () => {});
  child.stdin.end((options.input ?? []).map(toLine).join(''));
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => {
    said.wake();
    return { exit: code ?? signal ?? -1, records: said.records, stderr: said.stderr() };
  });
  return {
    until: (fits, what) => waitFor(said, fits, what, ended),
    says: (words) => waitForWords(said, words, ended),
    sofar: () => [...said.records],
    signal: (name) => process.kill(-(child.pid as number), name),
    pid: child.pid as number,
    ended,
  };
}

/** A record of this type, and of this stage where it has one. */
export function is(type: string, stage?: string): (record: AnyRecord) => boolean {
  return (record) => record.type === type && (stage === undefined || record.stage === stage);
}

type Said = {
  readonly records: AnyRecord[];
  readonly stderr: () => string;
  readonly next: () => Promise<void>;
  readonly wake: () => void;
};

function follow(child: ChildProcess): Said {
  const records: AnyRecord[] = [];
  let stderr = '';
  let rest = '';
  let wakers: (() => void)[] = [];
  const wake = () => {
    for (const waker of wakers.splice(0)) waker();
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    records.push(...lines.filter((line) => line !== '').map((line) => JSON.parse(line) as AnyRecord));
    wake();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    wake();
  });
  return {
    records,
    stderr: () => stderr,
    next: () => new Promise((resolve) => (wakers = [...wakers, resolve])),
    wake,
  };
}

async function waitFor(
  said: Said,
  fits: (record: AnyRecord) => boolean,
  what: string,
  ended: Promise<Ended>,
): Promise<AnyRecord> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  for (let seen = 0; ; seen += 1) {
    while (seen >= said.records.length) {
      if (isOver) throw new Error(`it ended before ${what}: ${said.stderr()}`);
      await said.next();
      await Promise.resolve();
    }
    const record = said.records[seen] as AnyRecord;
    if (fits(record)) return record;
  }
}

async function waitForWords(said: Said, words: RegExp, ended: Promise<Ended>): Promise<void> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!words.test(said.stderr())) {
    if (isOver) throw new Error(`it ended before it said ${words}: ${said.stderr()}`);
    await said.next();
    await Promise.resolve();
  }
}

function engineOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ['DOCKER_HOST', 'DOCKER_CONFIG'];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

function toLine(one: object | string): string {
  return `${typeof one === 'string' ? one : JSON.stringify(one)}\n`;
}
