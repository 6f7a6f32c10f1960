import { type LintRule, unless } from '../facts.ts';

/** The service that carries the recipe's labels and that commands mean by default. */
export const r009: LintRule = {
  id: 'R009',
  level: 'error',
  wants: 'a service is named app',
  check: ({ stack }) =>
    unless(
      Object.hasOwn(stack.services, 'app') ? [] : Object.keys(stack.services).sort(),
      'no app among the services',
    ),
};
