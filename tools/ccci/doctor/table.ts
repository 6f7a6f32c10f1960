import type { Check, CheckState } from '@ccci/lib/doctor/check.ts';
import { worst } from '@ccci/lib/doctor/judge.ts';
import { block, line, type Paint } from '@ccci/lib/pages/paint.ts';

/** A sign and a word, so that neither colour nor the sign alone says it. */
const signs: Readonly<Record<CheckState, string>> = {
  ok: '✓ ok     ',
  partly: '? partly ',
  missing: '✗ missing',
};
const statuses = { ok: 'pass', partly: 'unver', missing: 'fail' } as const;
/** Columns in front of what was found. */
const indent = 26;

/**
 * The checks for people, with the cure below each that failed, and what it comes to. What is said is broken where a
 * terminal of so many columns ends (0: nowhere); a cure is not, for it is copied. Pure.
 */
export function doctorTable(checks: readonly Check[], paint: Paint, columns: number): string {
  const rows = checks.map((check) => rowOf(check, paint, columns));
  return `${rows.join('')}\n${conclusions[worst(checks)]}`;
}

function rowOf({ name, state, found, affects, cures }: Check, paint: Paint, columns: number): string {
  const sign = paint.status(statuses[state], signs[state]);
  const below = ' '.repeat(indent);
  return [
    block({ ansi: `${sign.ansi}  ${name.padEnd(13)}  ` }, indent, found, columns),
    ...(affects === null ? [] : [block(below, indent, `so ${affects}`, columns)]),
    ...cures.map((cure) => line(below, 'cure: ', paint.bold(cure))),
  ].join('');
}

/** The last line says what to do. */
const conclusions: Readonly<Record<CheckState, string>> = {
  ok: 'A full run is possible here. Next: ccci test DIR, with the folder of a recipe.\n',
  partly: `Runs are possible here, but not in full: what is marked ? is missing.
Next: mend it, or ccci test DIR without it, with the folder of a recipe.
`,
  missing: `Nothing can be tested here yet.
Next: mend what is marked ✗, then ccci doctor again. ccci lint DIR works now.
`,
};
