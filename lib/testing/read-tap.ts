import { Parser, type Result } from 'tap-parser';
import type { TestCase } from './case.ts';
import { describeDiagnostics, notRunReason, notRunWords } from './diagnostics.ts';

/** Name of cases that are about the stream itself. */
export const streamName = 'TAP';

/** Points that are read of one file: a test that prints them without end must not fill records and results. */
const mostPoints = 5_000;

/**
 * Reads TAP, also among other lines: one case per test point, those of subtests as `outer > inner`. Of more than 5,000
 * points the rest is one failure that says so.
 */
export function readTap(text: string): TestCase[] {
  const cases: TestCase[] = [];
  const comments: string[] = [];
  let isOpen = false;
  // Children report their closing line too; only what was asserted counts, so the closing line of a subtest is left out.
  for (const event of Parser.parse(onlyTap(text), { flat: true })) {
    const [name, value] = event as [string, unknown];
    if (name === 'comment' && isOpen)
      comments.push(
        String(value)
          .replace(/^\s*#\s?/, '')
          .trimEnd(),
      );
    if (name === 'assert' && cases.length >= mostPoints) {
      return [...cases, failure(streamName, `more than ${mostPoints} test points: the rest is not read`)];
    }
    if (name === 'assert') {
      addComments(cases, comments);
      cases.push(readPoint(value as Result));
      isOpen = cases.at(-1)?.message === noReason;
    }
    if (name === 'bailout') cases.push(failure('bailed out', String(value)));
    if (name === 'complete') {
      addComments(cases, comments);
      cases.push(...problems(value as Final, cases));
    }
  }
  return cases;
}

const noReason = 'failed';

/** Lines that can be TAP. Comments and indented lines, which may be of a subtest or of diagnostics, only where they are text. */
function onlyTap(text: string): string {
  const isBinary = /^[ #].*[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\ufffd]/;
  const isTap = /^( {2}|(?:not )?ok(?=\s|$)|\d+\.\.\d|TAP version \d|# |Bail out!|pragma |\}\s*$)/;
  const lines = text.split('\n').filter((line) => isTap.test(line) && !isBinary.test(line));
  return lines.map((line) => `${line}\n`).join('');
}

/** Older producers say why in comments behind the point. */
function addComments(cases: TestCase[], comments: string[]): void {
  const last = cases.at(-1);
  const words = comments.filter((line) => line !== '' && !/^(Subtest:|time=|\{ total)/.test(line));
  comments.length = 0;
  if (last?.message === noReason && last.status === 'fail' && words.length > 0)
    cases[cases.length - 1] = { ...last, message: words.join('\n') };
}

type Final = {
  readonly failures: readonly { readonly tapError?: unknown; readonly name?: unknown }[];
  readonly plan: { readonly end: number | null };
  readonly count: number;
};

function readPoint({ ok, name, id, skip, todo, time, diag, tapError }: Result): TestCase {
  const label = name === '' ? `test ${id}` : name;
  const ms = time ?? 0;
  if (skip !== false) return readSkip(label, ms, reason(skip));
  if (todo !== false) return { name: label, status: 'skip', ms, message: `todo: ${reason(todo)}` };
  if (ok) return { name: label, status: 'pass', ms, message: null };
  const notRun = notRunWords(diag);
  if (notRun !== null) return { name: label, status: 'unver', ms, message: notRun };
  return { name: label, status: 'fail', ms, message: tapError ?? (describeDiagnostics(diag) || noReason) };
}

function readSkip(name: string, ms: number, why: string): TestCase {
  const notRun = notRunReason(why);
  return notRun === null
    ? { name, status: 'skip', ms, message: why }
    : { name, status: 'unver', ms, message: notRun };
}

/** What is wrong with the stream itself: a plan that was not kept, a subtest that failed with nothing to show for it. */
function problems({ failures, plan, count }: Final, cases: readonly TestCase[]): TestCase[] {
  return failures.flatMap((failed) => {
    if (typeof failed.tapError === 'string') {
      const planned = plan.end === null ? 'no plan' : `a plan of ${plan.end}`;
      return [failure(streamName, `${failed.tapError}: ${count} tests with ${planned}`)];
    }
    const name = typeof failed.name === 'string' ? failed.name : '';
    const isShown = cases.some(
      (one) =>
        (one.status === 'fail' || one.status === 'unver') &&
        (one.name === name || one.name.startsWith(`${name} > `)),
    );
    return isShown || name === '' ? [] : [failure(name, noReason)];
  });
}

function reason(directive: string | boolean): string {
  return typeof directive === 'string' && directive !== '' ? directive : 'no reason given';
}

function failure(name: string, message: string): TestCase {
  return { name, status: 'fail', ms: 0, message };
}
