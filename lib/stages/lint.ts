import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { globFiles } from '../plan/glob.ts';
import { type LintReport, lintRecipe } from '../lint/lint.ts';
import type { RunContext } from './context.ts';
import { readInside } from './read-inside.ts';
import type { StageOutcome } from './recorder.ts';

/** Lints the commit under test and writes `lint.txt`. */
export async function lint(context: RunContext): Promise<StageOutcome & { readonly report: LintReport }> {
  const dir = context.discovery.head;
  const files = await globFiles(dir, ['compose*.yml', 'compose*.yaml']);
  const texts = await Promise.all(files.map((file) => readInside(dir, file)));
  const report = lintRecipe({
    composes: texts.flatMap((text, index) => parseCompose(files[index] as string, text ?? '')),
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
  if (report.status === 'pass') return { status: 'pass', on: context.trigger.ref, report };
  return {
    status: 'fail',
    cause: 'recipe',
    on: context.trigger.ref,
    summary: `failed rules of level error: ${report.rulesFailed.join(', ')}`,
    report,
  };
}

/** A file that is no YAML is the renderer's business to refuse; lint reads what can be read. */
function parseCompose(file: string, text: string): { readonly file: string; readonly content: unknown }[] {
  try {
    return [{ file, content: parse(text) }];
  } catch {
    return [];
  }
}
