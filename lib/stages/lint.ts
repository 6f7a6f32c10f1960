import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LintReport } from '../lint/lint-recipe.ts';
import type { RunContext } from './context.ts';
import { lintCheckout } from './lint-checkout.ts';
import type { CheckedTest, StageOutcome } from './recorder.ts';

/** Lints the commit under test and writes `lint.txt`. */
export async function lint(context: RunContext): Promise<StageOutcome & { readonly report: LintReport }> {
  const report = await lintCheckout(context.discovery.head, context.discovery.checkout.tags);
  await writeFile(join(context.directory.dir, 'lint.txt'), report.text);
  for (const test of lintTests(report)) await context.recorder.test(test);
  return { ...lintOutcome(report), on: context.trigger.ref, report };
}

/** A test for each rule. */
export function lintTests({ rules }: LintReport): CheckedTest[] {
  return rules.map(({ id, level, status, detail }) => {
    const name = level === 'warn' ? `${id} (warning)` : id;
    return { name, status, ms: 0, message: detail };
  });
}

/** What lint comes to: the rules that failed are its summary. */
export function lintOutcome(report: LintReport): StageOutcome {
  if (report.status === 'pass') return { status: 'pass' };
  const errors = report.rules.filter((rule) => rule.level === 'error' && rule.status === 'fail');
  const words = errors.map((rule) => `${rule.id}: ${rule.detail}`);
  return { status: 'fail', cause: 'recipe', summary: words.join('; ') };
}
