import { type LintRule, unless } from '../facts.ts';

/** The compose schema that all recipes share. */
export const r001: LintRule = {
  id: 'R001',
  level: 'warn',
  wants: 'compose version is 3.8',
  check: ({ stack }) =>
    unless(String(stack.version) === '3.8' ? [] : [String(stack.version ?? 'none')], 'version'),
};
