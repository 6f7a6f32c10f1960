import type { Status } from '../records/common.ts';

/** One test as its runner named it. */
export type TestCase = {
  readonly name: string;
  readonly status: Status;
  readonly ms: number;
  /** Why it failed, was skipped or did not run; null for a pass. */
  readonly message: string | null;
};

/** How a test file ended, besides what it said itself. */
export type Ending = {
  /** Name for what is added: the file. */
  readonly file: string;
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly timeoutMs: number;
  /** Last words of its output. */
  readonly tail: string;
};

/**
 * Completes what a file reported by how it ended: a time-out and a bad exit status are failures even if every case
 * passed, and a file in which nothing was asserted is no pass (L55).
 */
export function judgeCases(reported: readonly TestCase[], ending: Ending): TestCase[] {
  const added: TestCase[] = [];
  const fail = (message: string) => added.push({ name: ending.file, status: 'fail', ms: 0, message });
  const asserted = reported.filter(({ status }) => status === 'pass' || status === 'fail');
  const isRed = reported.some(({ status }) => status === 'fail');
  if (ending.timedOut) fail(`did not end within ${ending.timeoutMs / 1000} s${quote(ending.tail)}`);
  else if (ending.exitCode !== 0 && !isRed && asserted.length > 0) {
    fail(`every test passed, but it ended with ${describe(ending.exitCode)}${quote(ending.tail)}`);
  } else if (asserted.length === 0)
    fail(`no assertion ran; it ended with ${describe(ending.exitCode)}${quote(ending.tail)}`);
  return [...reported, ...added];
}

function describe(exitCode: number | null): string {
  return exitCode === null ? 'a signal' : `status ${exitCode}`;
}

function quote(tail: string): string {
  return tail === '' ? '' : `: ${tail}`;
}
