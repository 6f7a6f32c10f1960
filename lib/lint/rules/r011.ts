import { services } from '../../recipe/compose.ts';
import { type LintRule, unless } from '../facts.ts';

/** Swarm builds nothing. */
export const r011: LintRule = {
  id: 'R011',
  level: 'error',
  wants: 'every service has an image',
  check: ({ stack }) =>
    unless(
      services(stack).flatMap(([name, service]) => (service?.image ? [] : [name])),
      'no image',
    ),
};
