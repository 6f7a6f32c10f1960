import { lintRules } from '@ccci/lib/lint/lint-recipe.ts';
import { Failure } from '@ccci/lib/program/failure.ts';
import { makeSourceOf, type SourceFile } from '@ccci/lib/recipe/source-of.ts';
import { lintCheckout } from '@ccci/lib/stages/lint-checkout.ts';
import type { Finding } from './finding.ts';

type Checkout = {
  readonly dir: string;
  readonly tags: Parameters<typeof lintCheckout>[1];
  readonly composeFiles: readonly SourceFile[];
};

/** Where a rule's answer is to be written, where that is not compose; null: in the tags or elsewhere. */
const files: Readonly<Record<string, string | null>> = {
  R006: null,
  R007: 'README.md',
  R008: '.env.sample',
  R012: 'abra.sh',
  R013: null,
  R014: null,
};

/** The failed rules of `abra recipe lint`. */
export async function findRules({ dir, tags, composeFiles }: Checkout): Promise<readonly Finding[]> {
  try {
    const { rules } = await lintCheckout(dir, tags);
    const failed = rules.filter(({ status }) => status === 'fail');
    return failed.map(({ id, level, detail }) => {
      const todo = lintRules.find((rule) => rule.id === id)?.wants ?? null;
      const where = Object.hasOwn(files, id)
        ? { file: files[id] ?? null, line: null }
        : locate(detail, composeFiles);
      return { ...where, level: level === 'warn' ? 'warning' : level, rule: id, message: detail, todo };
    });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'bad-compose') throw error;
    return [{ file: null, line: null, level: 'error', rule: 'compose', message: error.message, todo: null }];
  }
}

/** The first service that a rule's words name; else the first compose file as a whole. */
function locate(detail: string, composeFiles: readonly SourceFile[]): Pick<Finding, 'file' | 'line'> {
  const sourceOf = makeSourceOf(composeFiles);
  const [, names = ''] = /: (.*)$/s.exec(detail) ?? [];
  for (const [name] of names.matchAll(/[\w-]+/g)) {
    const source = sourceOf(`service.${name}`);
    if (source !== null) return source;
  }
  return { file: composeFiles[0]?.name ?? null, line: null };
}
