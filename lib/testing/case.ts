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
  /** It was ended because it wrote too much, more than so many bytes; null usually. */
  readonly overflowedAt: number | null;
  readonly timeoutMs: number;
  /** Last words of its output. */
  readonly tail: string;
};

/**
 * Completes what a file reported by how it ended: a time-out and a bad exit status are failures even if every case
 * passed, output without end too, and a file in which nothing was asserted is no pass (L55).
 */
export function judgeCases(reported: readonly TestCase[], ending: Ending): TestCase[] {
  const added: TestCase[] = [];
  const fail = (message: string) => added.push({ name: ending.file, status: 'fail', ms: 0, message });
  // A case that could not run says so itself; a file with nothing else is not to be blamed for it.
  const asserted = reported.filter(({ status }) => status !== 'skip');
  const isExplained = reported.some(({ status }) => status === 'fail' || status === 'unver');
  if (ending.timedOut) fail(`did not end within ${ending.timeoutMs / 1000} s${quote(ending.tail)}`);
  else if (ending.overflowedAt !== null)
    fail(`wrote more than ${ending.overflowedAt / 1024 / 1024} MiB of output, and was ended`);
  else if (ending.exitCode !== 0 && !isExplained && asserted.length > 0) {
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
