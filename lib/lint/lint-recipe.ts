import { visible } from '../program/visible.ts';
import type { LintFacts, LintLevel, LintRule } from './facts.ts';
import { r001 } from './rules/r001.ts';
import { r002 } from './rules/r002.ts';
import { r003 } from './rules/r003.ts';
import { r004 } from './rules/r004.ts';
import { r005 } from './rules/r005.ts';
import { r006 } from './rules/r006.ts';
import { r007 } from './rules/r007.ts';
import { r008 } from './rules/r008.ts';
import { r009 } from './rules/r009.ts';
import { r010 } from './rules/r010.ts';
import { r011 } from './rules/r011.ts';
import { r012 } from './rules/r012.ts';
import { r013 } from './rules/r013.ts';
import { r014 } from './rules/r014.ts';
import { r015 } from './rules/r015.ts';

/** The rules of `abra recipe lint`, in order; source: coopcloud.md. */
export const lintRules: readonly LintRule[] = [
  ...[r001, r002, r003, r004, r005, r006, r007, r008],
  ...[r009, r010, r011, r012, r013, r014, r015],
];

export type LintReport = {
  readonly rules: readonly {
    readonly id: string;
    readonly level: LintLevel;
    readonly status: 'pass' | 'fail' | 'skip';
    readonly detail: string;
  }[];
  /** Fails only by a rule of level `error`. */
  readonly status: 'pass' | 'fail';
  /** Ids of all failed rules, warnings too. */
  readonly rulesFailed: readonly string[];
  /** The table of `lint.txt`. */
  readonly text: string;
};

/** Judges a recipe by all rules. */
export function lintRecipe(facts: LintFacts): LintReport {
  const judged = lintRules.map((rule) => ({ rule, ...rule.check(facts) }));
  const failed = judged.filter(({ status }) => status === 'fail');
  const status = failed.some(({ rule }) => rule.level === 'error') ? 'fail' : 'pass';
  const rows = judged.map(({ rule, status, detail }) =>
    [
      rule.id,
      rule.level.padEnd(5),
      status,
      detail === '' ? rule.wants : `${rule.wants}: ${visible(detail.replaceAll(/\s+/g, ' '))}`,
    ].join('  '),
  );
  const errors = failed.filter(({ rule }) => rule.level === 'error').length;
  const summary = `${status}: ${errors} of level error failed, ${failed.length - errors} of level warn`;
  return {
    rules: judged.map(({ rule, status, detail }) => ({ id: rule.id, level: rule.level, status, detail })),
    status,
    rulesFailed: failed.map(({ rule }) => rule.id),
    text: `${[...rows, '', summary].join('\n')}\n`,
  };
}
