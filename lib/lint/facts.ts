import type { Stack } from '../recipe/compose.ts';

/** What the rules look at. */
export type LintFacts = {
  /** The merge of all `compose*.yml` of the recipe: `mergeCompose`, or what `docker stack config` printed of all. */
  readonly stack: Stack;
  /** Text of `.env.sample`. */
  readonly envSample: string | null;
  /** Text of `abra.sh`. */
  readonly abra: string | null;
  /** Text of `README.md`. */
  readonly readme: string | null;
  readonly tags: readonly { readonly name: string; readonly annotated: boolean }[];
};

export type LintLevel = 'warn' | 'error';

/** What a rule found: `detail` says it in words, with the names it is about. */
export type Finding = { readonly status: 'pass' | 'fail' | 'skip'; readonly detail: string };

export type LintRule = {
  /** `R001`, as abra calls it. */
  readonly id: string;
  readonly level: LintLevel;
  /** What it wants, in words. */
  readonly wants: string;
  readonly check: (facts: LintFacts) => Finding;
};

/** Passes without offenders, else fails with `<what>: <offenders>`. */
export function unless(offenders: readonly string[], what: string): Finding {
  return offenders.length === 0
    ? { status: 'pass', detail: '' }
    : { status: 'fail', detail: `${what}: ${offenders.join(', ')}` };
}

/** Does not apply here, for this reason. */
export function skipped(reason: string): Finding {
  return { status: 'skip', detail: reason };
}
