import { stackServices } from '../swarm/deploy.ts';
import type { Engine } from '../swarm/engine.ts';
import { type EngineService, shortName } from '../swarm/shapes.ts';
import { type Refusal, refuse } from './route.ts';

/** Stacks that a socket answers for: the app's own, and by recipe those of its dependencies. */
export type AppStacks = { readonly app: string; readonly deps: Readonly<Record<string, string>> };

/** A service that the socket may speak of. */
export type FoundService = { readonly stack: string; readonly name: string; readonly service: EngineService };

/** The stack that is meant, or why there is none. Pure. */
export function stackOf(stacks: AppStacks, dep: string | null): string | Refusal {
  if (dep === null) return stacks.app;
  if (Object.hasOwn(stacks.deps, dep)) return stacks.deps[dep] as string;
  return refuse(404, `${dep} is no dependency of this run; there are: ${words(Object.keys(stacks.deps))}`);
}

/** All services of one stack, by name: whatever belongs to another stack is not even looked at. */
export async function servicesOf(
  engine: Engine,
  stack: string,
  signal: AbortSignal,
): Promise<readonly FoundService[]> {
  signal.throwIfAborted();
  const services = await stackServices(engine, stack);
  return services
    .map((service) => ({ stack, name: shortName(stack, service.Spec.Name), service }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The service of exactly this name. Pure. */
export function findService(found: readonly FoundService[], name: string): FoundService | Refusal {
  const service = found.find((one) => one.name === name);
  if (service !== undefined) return service;
  return refuse(404, `there is no service ${name}; there are: ${words(found.map((one) => one.name))}`);
}

function words(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
