import { Parser, type Result } from 'tap-parser';
import type { TestCase } from './case.ts';

/** Reads TAP, also among other lines: one case per test point, those of subtests as `outer > inner`. */
export function readTap(text: string): TestCase[] {
  const cases: TestCase[] = [];
  // Children report their closing line too; only what was asserted counts, so the closing line of a subtest is left out.
  for (const event of Parser.parse(text, { flat: true })) {
    const [name, value] = event as [string, unknown];
    if (name === 'assert') cases.push(readPoint(value as Result));
    if (name === 'bailout') cases.push(failure('bailed out', String(value)));
    if (name === 'complete') cases.push(...problems(value as Final, cases));
  }
  return cases;
}

type Final = {
  readonly failures: readonly { readonly tapError?: unknown; readonly name?: unknown }[];
  readonly plan: { readonly end: number | null };
  readonly count: number;
};

function readPoint({ ok, name, id, skip, todo, time, diag, tapError }: Result): TestCase {
  const label = name === '' ? `test ${id}` : name;
  const ms = time ?? 0;
  if (skip !== false) return { name: label, status: 'skip', ms, message: reason(skip) };
  if (todo !== false) return { name: label, status: 'skip', ms, message: `todo: ${reason(todo)}` };
  if (ok) return { name: label, status: 'pass', ms, message: null };
  return { name: label, status: 'fail', ms, message: tapError ?? describe(diag) };
}

/** What is wrong with the stream itself: a plan that was not kept, a subtest that failed with nothing to show for it. */
function problems({ failures, plan, count }: Final, cases: readonly TestCase[]): TestCase[] {
  return failures.flatMap((failed) => {
    if (typeof failed.tapError === 'string') {
      const planned = plan.end === null ? 'no plan' : `a plan of ${plan.end}`;
      return [failure('TAP', `${failed.tapError}: ${count} tests with ${planned}`)];
    }
    const name = typeof failed.name === 'string' ? failed.name : '';
    const isShown = cases.some(
      (one) => one.status === 'fail' && (one.name === name || one.name.startsWith(`${name} > `)),
    );
    return isShown || name === '' ? [] : [failure(name, 'failed')];
  });
}

function describe(diag: unknown): string {
  if (typeof diag !== 'object' || diag === null) return 'failed';
  const { error, message, stack, ...rest } = diag as Record<string, unknown>;
  const words = [error, message].filter((part) => typeof part === 'string' && part !== '');
  const details = Object.entries(rest).filter(([key]) =>
    ['expected', 'actual', 'found', 'wanted', 'at', 'location'].includes(key),
  );
  const lines = details.map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [...words, ...lines, ...(typeof stack === 'string' ? [stack] : [])].join('\n') || 'failed';
}

function reason(directive: string | boolean): string {
  return typeof directive === 'string' && directive !== '' ? directive : 'no reason given';
}

function failure(name: string, message: string): TestCase {
  return { name, status: 'fail', ms: 0, message };
}
