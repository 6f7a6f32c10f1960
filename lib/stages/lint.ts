import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import glob from 'fast-glob';
import { type LintReport, lintRecipe } from '../lint/lint-recipe.ts';
import { mergeCompose } from '../lint/merge.ts';
import type { RunContext } from './context.ts';
import { readInside } from './read-inside.ts';
import type { StageOutcome } from './recorder.ts';

/** Lints the commit under test and writes `lint.txt`. */
export async function lint(context: RunContext): Promise<StageOutcome & { readonly report: LintReport }> {
  const dir = context.discovery.head;
  const files = (await glob(['compose*.yml', 'compose*.yaml'], { cwd: dir })).sort();
  const texts = await Promise.all(
    files.map(async (name) => ({ name, text: (await readInside(dir, name)) ?? '' })),
  );
  const report = lintRecipe({
    stack: mergeCompose(texts),
    envSample: (await readInside(dir, '.env.sample')) ?? null,
    abra: (await readInside(dir, 'abra.sh')) ?? null,
    readme: (await readInside(dir, 'README.md')) ?? null,
    tags: context.discovery.checkout.tags,
  });
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
