import { basename, isAbsolute, relative } from 'node:path';
import { Failure } from '../program/failure.ts';
import type { PlannedTest } from '../records/plan.ts';
import { judgeCases, type TestCase } from './case.ts';
import { type ChildEnding, mostOutput } from './child.ts';
import { findHelpers } from './helpers.ts';
import { lastWords } from './last-words.ts';
import { findPython } from './python.ts';
import { readJunit } from './read-junit.ts';
import { readTap, streamName } from './read-tap.ts';
import { type InsideOptions, reportFd, runInside } from './run-inside.ts';
import { nodeInside, treeInside } from './sandbox.ts';

export type TestFileOptions = Pick<
  InsideOptions,
  'tree' | 'env' | 'hosts' | 'caFile' | 'stateFile' | 'given' | 'appSocket' | 'timeoutMs' | 'signal'
> & {
  /** Absolute, inside `tree`. */
  readonly file: string;
  readonly runner: PlannedTest['runner'];
  readonly onLine?: InsideOptions['onLine'];
};

export type TestFileResult = {
  readonly cases: readonly TestCase[];
  readonly output: string;
  readonly exitCode: number | null;
  /** Why it did not run or did not end by itself; null usually. */
  readonly note: string | null;
};

/**
 * Runs one test file in the sandbox and reads its cases. What keeps it from running at all (no runner, no sandbox, a
 * cancel) is one `unver` case that says so; a file without any assertion is one `fail` (L55).
 */
export async function runTestFile(options: TestFileOptions): Promise<TestFileResult> {
  const inside = `${treeInside}/${relativeTo(options.tree, options.file)}`;
  const runner = await commandFor(options.runner, inside);
  if ('missing' in runner) return notRun(options.file, runner.missing);
  try {
    return read(await runInside({ ...options, ...runner, onLine: options.onLine ?? (() => {}) }), options);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'no-sandbox') throw error;
    const hint = error.hint === undefined ? '' : `: ${error.hint}`;
    return notRun(options.file, `${error.message}${hint}`);
  }
}

/** Path below the folder; anything else is a mistake of ours. */
export function relativeTo(tree: string, file: string): string {
  const path = relative(tree, file);
  if (path === '' || path.startsWith('..') || isAbsolute(path))
    throw new Error(`${file} is not inside ${tree}`);
  return path;
}

type Runner = Pick<InsideOptions, 'command' | 'folders'> | { readonly missing: string };

async function commandFor(runner: PlannedTest['runner'], file: string): Promise<Runner> {
  if (runner === 'pytest') return await pytestCommand(file);
  if (runner === 'tap') return { command: [file] };
  return nodeCommand(file, process.versions.node);
}

/** By this program's own Node; one before 22.18 does not read TypeScript, which is said and not tried. */
export function nodeCommand(file: string, version: string): Runner {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (file.endsWith('.ts') && (major < 22 || (major === 22 && minor < 18))) {
    return {
      missing: `${basename(file)} needs Node 22.18 or newer, this is ${version}: run ccci with a newer Node`,
    };
  }
  return { command: [nodeInside, '--test-reporter=tap', file] };
}

/** The report goes out by a descriptor: no folder is shared for it. */
async function pytestCommand(file: string): Promise<Runner> {
  const plugin = (await findHelpers()) === null ? [] : ['-p', 'ccci_pytest'];
  const python = await findPython();
  if (python === null)
    return { missing: `${basename(file)} needs pytest, which no python3 here has: install pytest` };
  const report = '/tmp/ccci-junit.xml';
  const script = `"$@"; status=$?; cat ${report} >&${reportFd} 2>/dev/null; exit $status`;
  const flags = [
    '-q',
    '-p',
    'no:cacheprovider',
    ...plugin,
    `--rootdir=${treeInside}`,
    `--junit-xml=${report}`,
  ];
  const command = ['/bin/sh', '-c', script, 'sh', python.executable, '-m', 'pytest', ...flags, file];
  return { command, folders: python.folders };
}

function read(ending: ChildEnding, { file, runner, timeoutMs }: TestFileOptions): TestFileResult {
  const { output, exitCode, timedOut, overflowed, cancelled } = ending;
  if (cancelled) return { ...notRun(file, 'cancelled'), output };
  const name = basename(file);
  const cases = runner === 'pytest' ? readReport(ending, name) : readStream(ending, name);
  const tail = lastWords(output);
  const overflowedAt = overflowed ? mostOutput : null;
  const judged = judgeCases(cases, { file: name, exitCode, timedOut, overflowedAt, timeoutMs, tail });
  return {
    cases: judged,
    output,
    exitCode,
    note: timedOut ? `did not end within ${timeoutMs / 1000} s` : null,
  };
}

/** A report that was begun and is no XML: pytest was ended at work, or a test wrote over it. */
function readReport({ report, timedOut, overflowed }: ChildEnding, name: string): TestCase[] {
  const cases = readJunit(report);
  if (cases !== null) return cases;
  const isBroken = report.trim() !== '' && !timedOut && !overflowed;
  return isBroken ? [{ name, status: 'fail', ms: 0, message: 'the report of pytest cannot be read' }] : [];
}

function readStream({ stdout, stdoutCut, overflowed }: ChildEnding, name: string): TestCase[] {
  if (!stdoutCut) return readTap(stdout);
  const message = 'wrote so much to standard output that what came later was not read as TAP';
  const cases = readTap(stdout).filter((one) => one.name !== streamName);
  return overflowed ? cases : [...cases, { name, status: 'fail', ms: 0, message }];
}

function notRun(file: string, why: string): TestFileResult {
  const one: TestCase = { name: basename(file), status: 'unver', ms: 0, message: why };
  return { cases: [one], output: '', exitCode: null, note: why };
}
