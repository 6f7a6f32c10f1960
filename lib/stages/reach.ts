import type { GivenText, Host } from '../testing/run-inside.ts';
import type { RunContext } from './context.ts';

export type Reach = { readonly hosts: readonly Host[]; readonly caFile?: string };

/** How tests and hooks reach the deployment: its name on loopback, and whom to trust. */
export async function reachOf(context: RunContext): Promise<Reach> {
  const door = context.scratch.frontDoor;
  if (door === null) return { hosts: [] };
  return { hosts: [{ name: context.domain, address: door.address }], caFile: door.caFile };
}

/** `CCCI_DEPS_FILE`: what is known of each dependency that is ready. */
export function dependenciesFile(_context: RunContext): GivenText {
  return { variables: ['CCCI_DEPS_FILE'], name: 'deps.json', content: '{}\n' };
}
