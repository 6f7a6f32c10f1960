import { join } from 'node:path';
import type { Box } from '../engine/box.ts';
import { type EngineDeath, engineDeath } from '../engine/death.ts';
import { boxCommand, boxEnv } from '../engine/enter.ts';
import { runChild } from './child.ts';
import { newTally, type Tally, tallyTap } from './tally.ts';

const compileCache = join(import.meta.dirname, 'compile-cache.mjs');

/** What came of a test file or a check. */
export type Outcome = {
  readonly name: string;
  readonly ms: number;
  readonly tally: Tally;
  /** What it said besides TAP, the last 64 KiB. */
  readonly text: string;
  /** The engine of the box ended under it; that is among its failures. */
  readonly death?: EngineDeath;
};

export type CheckOptions = {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

export type FileOptions = CheckOptions & { readonly box: Box };

/**
 * Runs one test file in the box with this Node and counts its TAP. A file that crashes, ends with another status than 0,
 * takes too long or runs no test is a failure, whatever its TAP says; so is one whose engine ended, told first.
 *
 * It is started plainly, not by `tap run`: that loads code of its own, by NODE_OPTIONS, into every Node that a test
 * starts, so that the programs under test would not be what a user starts.
 */
export async function runFile(file: string, options: FileOptions): Promise<Outcome> {
  const { root: cwd, box, timeoutMs, signal } = options;
  const startedAt = performance.now();
  const text = keepLast(64 * 1024);
  const tap = tallyTap(text.add);
  // tap names the test that hangs when it notices before this runner does.
  const env = { ...options.env, ...boxEnv(box), TAP_TIMEOUT: String(timeoutMs / 1000), TAP: '1' };
  const argv = boxCommand(box, [process.execPath, '--enable-source-maps', '--import', compileCache, file]);
  const limitMs = timeoutMs + 5_000;
  const ending = await runChild({
    argv,
    cwd,
    env,
    timeoutMs: limitMs,
    signal,
    onStdout: tap.write,
    onStderr: text.add,
  });
  const { isOk, isEmpty, ...tally } = tap.end();
  const problem = ending ?? (isEmpty ? 'ran no test' : isOk ? undefined : 'its TAP is not complete');
  if (problem && tally.failed === 0) fail(tally, file, problem);
  const death = engineDeath(box.dir);
  if (death) fail(tally, 'the engine of the box', death.words);
  return { name: file, ms: performance.now() - startedAt, tally, text: text.get(), ...(death && { death }) };
}

/** Runs a command as one test that passes with exit status 0; what it says is shown when it fails. */
export async function runCheck(
  name: string,
  argv: readonly string[],
  options: CheckOptions,
): Promise<Outcome> {
  const { root: cwd, env, timeoutMs, signal } = options;
  const startedAt = performance.now();
  const text = keepLast(64 * 1024);
  const ending = await runChild({
    argv,
    cwd,
    env,
    timeoutMs,
    signal,
    onStdout: text.add,
    onStderr: text.add,
  });
  const tally = newTally();
  if (ending) fail(tally, name, ending);
  else tally.passed = 1;
  return { name, ms: performance.now() - startedAt, tally, text: text.get() };
}

function fail(tally: Tally, name: string, problem: string): void {
  tally.failed += 1;
  tally.failures.unshift({ name, diag: { problem } });
}

function keepLast(size: number) {
  let kept = '';
  return {
    add: (piece: string) => {
      kept = (kept + piece).slice(-size);
    },
    get: () => kept,
  };
}
