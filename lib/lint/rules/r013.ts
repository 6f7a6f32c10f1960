import { type LintRule, skipped } from '../facts.ts';

/** Needs the network, which the linter has not. */
export const r013: LintRule = {
  id: 'R013',
  level: 'warn',
  wants: 'the canonical repository exists',
  check: () => skipped('needs the network'),
};
