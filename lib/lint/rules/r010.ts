import { isMap, services } from '../../recipe/compose.ts';
import { parseEnvFile } from '../../recipe/env-file.ts';
import { isTrue } from '../../recipe/labels.ts';
import { type LintRule, skipped } from '../facts.ts';

/** Without it the proxy does not know the app; a recipe without a domain has none to route. */
export const r010: LintRule = {
  id: 'R010',
  level: 'error',
  wants: 'traefik.enable=true on some service',
  check: ({ stack, envSample }) => {
    const hasDomain = parseEnvFile(envSample ?? '').some(
      ({ key, commented }) => key === 'DOMAIN' && !commented,
    );
    if (!hasDomain) return skipped('.env.sample has no DOMAIN');
    const enabled = services(stack).some(([, service]) => {
      const labels = isMap(service?.deploy) ? service.deploy.labels : undefined;
      return isTrue(String(labels?.['traefik.enable'] ?? ''));
    });
    return enabled
      ? { status: 'pass', detail: '' }
      : { status: 'fail', detail: 'no service has it in deploy.labels' };
  },
};
