import { stringify } from 'yaml';
import type { Outcome } from './file.ts';
import type { Failed, Tally } from './tally.ts';

/** One line for a file, then its failures with their differences; `isVerbose` shows what a good one said, too. */
export function renderOutcome({ name, ms, tally, text }: Outcome, isVerbose: boolean): string {
  const isGood = tally.failed === 0;
  const said = text.trim() && (isVerbose || !isGood) ? [indent(text.trim(), '  | ')] : [];
  const line = `${isGood ? 'ok  ' : 'FAIL'} ${name}  ${renderTally(tally)}  ${(ms / 1000).toFixed(1)} s`;
  const comments = tally.comments.map((words) => `     # ${words}`);
  return `${[line, ...comments, ...tally.failures.map(renderFailure), ...said].join('\n')}\n`;
}

/** `12 passed, 0 failed, 1 skipped` */
export function renderTally({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function renderFailure({ name, diag }: Failed): string {
  const { at, diff, stack, source, ...rest } = diag as {
    at?: Position;
    diff?: string;
    stack?: string;
    source?: string;
  };
  const parts = [
    at?.fileName && `at ${at.fileName}:${at.lineNumber}:${at.columnNumber}`,
    source,
    Object.keys(rest).length > 0 && stringify(rest).trimEnd(),
    diff?.trimEnd(),
    stack?.trimEnd(),
  ];
  const details = parts.filter((part) => typeof part === 'string' && part !== '');
  return [`  x ${name}`, ...details.map((part) => indent(String(part), '    '))].join('\n');
}

type Position = { readonly fileName?: string; readonly lineNumber?: number; readonly columnNumber?: number };

function indent(text: string, by: string): string {
  return text.replace(/^/gm, by);
}
