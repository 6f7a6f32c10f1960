import type { Evidence } from './evidence.ts';

/** A network of a service, as far as its addresses go. */
export type AddressRange = {
  readonly name: string;
  /** `10.0.1.0/24`; null where the engine does not say. */
  readonly subnet: string | null;
  /** Whether it is smaller than what Swarm gives by itself: then the recipe asked for it. */
  readonly isOwnRange: boolean;
};

/** That Swarm has no address left for a service, in which network, and what to do (L25). Pure. */
export function addressWords(service: string, { networks }: Pick<Evidence, 'networks'>): string {
  const said = networks.map(({ name, subnet }) => (subnet === null ? name : `${name}, ${subnet}`)).join('; ');
  const where = networks.length === 1 ? 'its network' : 'one of its networks';
  const named = said === '' ? '' : ` (${said})`;
  const todo =
    addressCause({ networks }) === 'recipe'
      ? 'give the network a larger subnet, or none of its own'
      : 'what earlier deployments left there has to be removed, or the network made larger';
  return `Swarm has no free address for ${service} in ${where}${named}: ${todo}`;
}

/** The recipe is to blame where it asked for the smallest range itself. */
export function addressCause({ networks }: Pick<Evidence, 'networks'>): 'recipe' | 'infra' {
  return networks.some(({ isOwnRange }) => isOwnRange) ? 'recipe' : 'infra';
}
