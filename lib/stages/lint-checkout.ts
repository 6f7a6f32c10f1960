import glob from 'fast-glob';
import type { LintFacts } from '../lint/facts.ts';
import { type LintReport, lintRecipe } from '../lint/lint-recipe.ts';
import { mergeCompose } from '../lint/merge.ts';
import { readInside } from './read-inside.ts';

/** Judges a checkout by all rules, as its files are written. A compose file that is no YAML is a `Failure` 65. */
export async function lintCheckout(dir: string, tags: LintFacts['tags']): Promise<LintReport> {
  const files = (await glob(['compose*.yml', 'compose*.yaml'], { cwd: dir })).sort();
  const texts = await Promise.all(
    files.map(async (name) => ({ name, text: (await readInside(dir, name)) ?? '' })),
  );
  return lintRecipe({
    stack: mergeCompose(texts),
    envSample: (await readInside(dir, '.env.sample')) ?? null,
    abra: (await readInside(dir, 'abra.sh')) ?? null,
    readme: (await readInside(dir, 'README.md')) ?? null,
    tags,
  });
}
