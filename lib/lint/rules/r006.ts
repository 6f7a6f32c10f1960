import { type LintRule, skipped } from '../facts.ts';

/** Needs the network, which the linter has not. */
export const r006: LintRule = {
  id: 'R006',
  level: 'warn',
  wants: 'a version is published in the catalogue',
  check: () => skipped('needs the network'),
};
