import { Parser, type Result } from 'tap-parser';

export type Failed = {
  /** The subtests and the assertion, `outer > inner > message`. */
  readonly name: string;
  /** What tap knows of it: `diff`, `at`, `stack`, `found`, `wanted`, … */
  readonly diag: Readonly<Record<string, unknown>>;
};

export type Tally = {
  passed: number;
  failed: number;
  skipped: number;
  readonly failures: Failed[];
  /** What tests said about what they have tried (`t.comment`). */
  readonly comments: string[];
};

export type TapTally = {
  /** Takes the next piece of TAP. */
  readonly write: (text: string) => void;
  /** Ends the stream and gives what was counted; `isEmpty` when no test ran and no reason was given for that. */
  readonly end: () => Tally & { readonly isOk: boolean; readonly isEmpty: boolean };
};

/**
 * Counts a TAP stream by one rule: **a test is an assertion**, a test point that does not close a subtest. One with
 * SKIP or TODO is skipped. A subtest or stream that fails with no failed assertion in it (a crash, a time-out, a
 * missing plan) counts as one failed test, a stream skipped as a whole with a reason as one skipped.
 * `onText` gets the lines that are no TAP.
 */
export function tallyTap(onText: (line: string) => void): TapTally {
  const tally = newTally();
  const parser = new Parser();
  follow(parser, tally, '');
  parser.on('extra', onText);
  return {
    write: (text) => void parser.write(text),
    end: () => {
      parser.end();
      const { ok, count, plan } = parser.results!;
      const isEmpty =
        count === 0 &&
        tally.passed + tally.failed === 0 &&
        (!plan.skipAll || /^(no tests found)?$/.test(plan.skipReason));
      if (count === 0 && plan.skipAll && !isEmpty) tally.skipped += 1;
      return { ...tally, isOk: ok, isEmpty };
    },
  };
}

export function newTally(): Tally {
  return { passed: 0, failed: 0, skipped: 0, failures: [], comments: [] };
}

/** Adds `other` to `tally`. */
export function addTally(tally: Tally, other: Tally): void {
  tally.passed += other.passed;
  tally.failed += other.failed;
  tally.skipped += other.skipped;
  tally.failures.push(...other.failures);
  tally.comments.push(...other.comments);
}

function follow(parser: Parser, tally: Tally, path: string): void {
  let child = newTally();
  parser.on('child', (subtest: Parser) => {
    child = newTally();
    follow(subtest, child, `${path}${subtest.name} > `);
  });
  parser.on('comment', (comment: string) => {
    const words = comment.replace(/^#\s*/, '').trim();
    if (words !== '' && !isOwnWords(words)) tally.comments.push(words);
  });
  parser.on('assert', (result: Result) => {
    const isFailed = !result.ok && !result.todo && !result.skip;
    if (result.closingTestPoint) {
      if (isFailed && child.failed === 0) addFailure(child, path, result);
      addTally(tally, child);
      child = newTally();
    } else if (isFailed) addFailure(tally, path, result);
    else if (result.skip || result.todo) tally.skipped += 1;
    else tally.passed += 1;
  });
  // A subtest that was never closed: the stream stopped in its middle.
  parser.on('complete', () => addTally(tally, child));
}

/** What tap itself writes as a comment: names of subtests, totals, times. */
function isOwnWords(words: string): boolean {
  return /^(Subtest\b|time=|\{|failed \d|skip:|todo:)/.test(words);
}

function addFailure(tally: Tally, path: string, { name, diag, tapError }: Result): void {
  tally.failed += 1;
  tally.failures.push({ name: `${path}${name}`, diag: { ...(tapError && { tapError }), ...diag } });
}
