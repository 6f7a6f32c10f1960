import { services } from '../../recipe/compose.ts';
import { type LintRule, unless } from '../facts.ts';

/** Without a healthcheck Swarm calls a service healthy as soon as its process runs. */
export const r002: LintRule = {
  id: 'R002',
  level: 'warn',
  wants: 'every service has a healthcheck',
  check: ({ stack }) =>
    unless(
      services(stack).flatMap(([name, service]) => (service?.healthcheck ? [] : [name])),
      'no healthcheck',
    ),
};
