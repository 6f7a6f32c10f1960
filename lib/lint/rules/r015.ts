import { type LintRule, unless } from '../facts.ts';

/** The whole name, with stack and version, has 64 characters at most. */
export const r015: LintRule = {
  id: 'R015',
  level: 'warn',
  wants: 'secret names have at most 12 characters',
  check: ({ stack }) =>
    unless(
      Object.keys(stack.secrets ?? {}).filter((name) => name.length > 12),
      'too long',
    ),
};
