import { isatty } from 'node:tty';
import type { ArgsDef } from 'citty';
import { exitStatus, Failure } from './failure.ts';
import { commonFlags, type Flags, parseFlags } from './flags.ts';
import { makeInput } from './input.ts';
import { type Log, makeLog } from './log.ts';
import { makeOutcome, type Outcome } from './outcome.ts';
import { makeOutput, type Output } from './output.ts';
import { listenForSignals } from './signals.ts';

declare const CCCI_VERSION: string | undefined;

export type Program = {
  /** The verb: `poll` of `ccci-poll`. */
  readonly name: string;
  /** What people type, where that is not `ccci-<name>`: `ccci test`. */
  readonly call?: string;
  /** Instead of the words behind the program's name. */
  readonly args?: readonly string[];
  /** Instead of the usage that is made from the flags. */
  readonly usage?: string;
  readonly description: string;
  /** Its own flags, kebab-case; the common ones are added. */
  readonly flags: ArgsDef;
  /** Whether it stays when there is nothing to do: such a program gives back from time to time what it does not use. */
  readonly waits?: (flags: Flags) => boolean;
  /** The filter, loaded only when it is needed: start-up matters, every tool is a process. */
  readonly main: (io: ProgramIo) => Promise<void>;
};

/** All that a program may know of its process. */
export type ProgramIo = {
  readonly flags: Flags;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Standard input; asking for it while it is a terminal is a `Failure` with status 64. */
  readonly input: () => AsyncIterable<Uint8Array>;
  readonly output: Output;
  readonly outputIsTerminal: boolean;
  /** Columns of the terminal that standard output is, as it is now; 0 where it is none. */
  readonly outputColumns: () => number;
  readonly errorIsTerminal: boolean;
  /** Writes to standard error as it is (progress). */
  readonly progress: (text: string) => void;
  readonly log: Log;
  readonly stopping: AbortSignal;
  readonly outcome: Outcome;
  /** `ccci-poll/0.1.0`, the `by` of records. */
  readonly by: string;
  readonly isRoot: boolean;
};

/**
 * Runs one program from argv to exit status; the only place that ends in `process.exitCode`. A program that is several
 * is chosen by the words of the command line.
 */
export async function runProgram(given: Program | ((args: readonly string[]) => Program)): Promise<void> {
  const outcome = makeOutcome();
  const words = process.argv.slice(2);
  const program = typeof given === 'function' ? given(words) : given;
  const name = program.call ?? `ccci-${program.name}`;
  const write = openErrorStream();
  let log = makeLog({ program: name, format: 'text', write });
  const input = makeInput();
  let isDone = false;
  // Until the end is reached: what ends a program on other ways is a bug.
  process.exitCode = exitStatus.bug;
  process.once('beforeExit', () => {
    if (!isDone) log.error('this is a bug: the program waits for something that cannot come');
  });
  process.on('uncaughtException', (error) => {
    noteFailure(error, log, outcome);
    process.exit(outcome.status());
  });
  try {
    const definitions = { ...program.flags, ...commonFlags };
    const flags = parseFlags(program.args ?? words, definitions);
    const output = makeOutput(process.stdout);
    if (flags.help === true)
      return await output.text(program.usage ?? (await usageText(name, program, definitions)));
    if (flags.version === true) return await output.text(`${name} ${version()}\n`);
    log = makeLog({ program: name, format: logFormat(flags), write });
    const { stopping } = listenForSignals(outcome);
    if (program.waits?.(flags)) (await import('./collect.ts')).collectAtTimes();
    await program.main({
      flags,
      env: process.env,
      cwd: process.cwd(),
      input: input.open,
      output,
      outputIsTerminal: process.stdout.isTTY === true,
      outputColumns: () => (process.stdout.isTTY === true ? process.stdout.columns : 0),
      errorIsTerminal: isatty(2),
      progress: write,
      log,
      stopping,
      outcome,
      by: `${name.split(' ')[0]}/${version()}`,
      isRoot: process.getuid?.() === 0,
    });
  } catch (error) {
    noteFailure(error, log, outcome);
  } finally {
    process.exitCode = outcome.status();
    isDone = true;
    input.close();
  }
}

/** Writes to standard error, which is opened when there is something to say; a reader that leaves is no error. */
function openErrorStream(): (text: string) => void {
  let isOpen = false;
  return (text) => {
    if (!isOpen) process.stderr.on('error', () => {});
    isOpen = true;
    process.stderr.write(text);
  };
}

function logFormat(flags: Flags): 'text' | 'json' {
  const format = flags['log-format'] ?? 'text';
  if (format === 'text' || format === 'json') return format;
  throw new Failure(
    exitStatus.usage,
    'bad-value',
    `--log-format is ${JSON.stringify(format)}; expected text or json`,
  );
}

function noteFailure(error: unknown, log: Log, outcome: Outcome): void {
  if (error instanceof Failure) {
    log.error(error.message, error.hint);
    outcome.note(error.status);
    return;
  }
  log.error(`this is a bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  outcome.note(exitStatus.bug);
}

async function usageText(name: string, { description }: Program, args: ArgsDef): Promise<string> {
  const { renderUsage } = await import('citty');
  const text = await renderUsage({ meta: { name, description }, args });
  const isColourful = process.stdout.isTTY && !process.env.NO_COLOR;
  // citty colours whatever it writes to, fills each row with spaces, and names the program twice: too wide for 80 columns.
  const plain = isColourful ? text : text.replace(/\u001b\[\d+m/g, '');
  return `${plain.replace(` (${name})`, '').replace(/ +$/gm, '')}\n`;
}

/** The version that the build wrote in; `dev` when run from source. */
export function version(): string {
  return typeof CCCI_VERSION === 'string' ? CCCI_VERSION : 'dev';
}
