import { isMap, type Service, type Stack, services } from '../recipe/compose.ts';

/** What is proven of a stack without a routed service: a record's message, and a note for the result if it is little. */
export type Unasked = { readonly message: string; readonly note: string | null };

/**
 * Healthchecks speak for services that nobody can ask; where one that is to keep running has none, only that it runs
 * is proven, and the result says so. Pure.
 */
export function wordsForUnasked(stack: Stack): Unasked {
  const lasting = services(stack).filter(([, service]) => isToLast(service));
  const mute = lasting.flatMap(([name, service]) => (hasHealthcheck(service) ? [] : [name]));
  const start = 'no service has a Traefik label with a port, so there is nothing to ask over HTTP';
  if (mute.length === 0)
    return { message: `${start}; their healthchecks speak for the services`, note: null };
  const note =
    `nothing but that its tasks run is proven: no service is routed, and ${mute.join(', ')} ` +
    `${mute.length === 1 ? 'declares' : 'declare'} no healthcheck (a healthcheck, or ready in recipe.yml, would prove more)`;
  return {
    message: `${start}; ${mute.join(', ')} ${mute.length === 1 ? 'has' : 'have'} no healthcheck either`,
    note,
  };
}

/** Not one that ends by itself, nor one that is not started at all. */
function isToLast({ deploy }: Service): boolean {
  const restart = deploy?.restart_policy;
  const condition = isMap(restart) ? restart.condition : undefined;
  const isJob = typeof deploy?.mode === 'string' && deploy.mode.endsWith('-job');
  return !isJob && condition !== 'none' && deploy?.replicas !== 0;
}

function hasHealthcheck({ healthcheck }: Service): boolean {
  if (healthcheck === undefined || healthcheck.disable === true) return false;
  const { test } = healthcheck;
  return Array.isArray(test)
    ? test.length > 0 && test[0] !== 'NONE'
    : typeof test === 'string' && test !== '';
}
