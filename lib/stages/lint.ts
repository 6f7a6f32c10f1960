import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LintReport } from '../lint/lint-recipe.ts';
import type { RunContext } from './context.ts';
import { lintCheckout } from './lint-checkout.ts';
import type { StageOutcome } from './recorder.ts';

/** Lints the commit under test and writes `lint.txt`. */
export async function lint(context: RunContext): Promise<StageOutcome & { readonly report: LintReport }> {
  const report = await lintCheckout(context.discovery.head, context.discovery.checkout.tags);
  await writeFile(join(context.directory.dir, 'lint.txt'), report.text);
  for (const rule of report.rules) {
    const name = rule.level === 'warn' ? `${rule.id} (warning)` : rule.id;
    await context.recorder.test({ name, status: rule.status, ms: 0, message: rule.detail });
  }
  return { ...outcomeOf(report), on: context.trigger.ref, report };
}

function outcomeOf(report: LintReport): StageOutcome {
  if (report.status === 'pass') return { status: 'pass' };
  const errors = report.rules.filter((rule) => rule.level === 'error' && rule.status === 'fail');
  const words = errors.map((rule) => `${rule.id}: ${rule.detail}`);
  return { status: 'fail', cause: 'recipe', summary: words.join('; ') };
}
