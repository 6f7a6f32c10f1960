import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';

export type PoolFacts = {
  /** `--pool`, or the default: `10.96.0.0/12`. */
  readonly pool: string;
  /** Bits of one network of a run: 24. */
  readonly mask: number;
  /** What the network of the proxy has: `10.80.0.0/16`. */
  readonly proxySubnet: string;
  readonly slots: number;
};

/** The network of the run, those of the recipe and of what it needs, and of the other deployment while it goes (L25). */
const networksPerSlot = 32;

/** Addresses that nobody on the internet has: RFC 1918 and RFC 6598. */
const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

const example = 'such as 10.96.0.0/12';

/**
 * Refuses addresses from which the swarm could not give each run its networks; `modules/nixos/assertions.nix` has the same
 * rules. `Failure` 64 for what is no such pool, 78 for one that is too small for the slots.
 */
export function checkPool({ pool, mask, proxySubnet, slots }: PoolFacts): void {
  const range = parseNetwork(pool);
  if (range === null) throw refuse(pool, `an IPv4 network in CIDR form is expected, ${example}`);
  if (range.first !== range.address) {
    throw refuse(
      pool,
      `the network of that address begins at ${dotted(range.first)}/${range.bits}: write that`,
    );
  }
  if (!privateRanges.some((one) => holds(parse(one), range))) {
    throw refuse(
      pool,
      `runs could not reach whoever has these addresses on the internet; private ones are expected, ${example}`,
    );
  }
  if (overlap(range, parse(proxySubnet))) {
    throw refuse(
      pool,
      `it overlaps ${proxySubnet}, which the network of the proxy has; choose another, ${example}`,
    );
  }
  const networks = range.bits > mask ? 0 : 2 ** (mask - range.bits) - 1;
  const needed = slots * networksPerSlot;
  if (networks >= needed) return;
  throw new Failure(
    exitStatus.configuration,
    'small-pool',
    `the pool ${pool} has room for ${networks} networks of /${mask} besides the swarm's own; stage.slots: ${slots} needs ${needed}`,
    { hint: 'widen it with --pool, or lower stage.slots' },
  );
}

type Network = {
  readonly address: number;
  readonly first: number;
  readonly end: number;
  readonly bits: number;
};

/** Null for what is none. */
function parseNetwork(text: string): Network | null {
  const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
  const parts = new RegExp(`^${octet}\\.${octet}\\.${octet}\\.${octet}/(3[0-2]|[12]?\\d)$`).exec(text);
  if (parts === null) return null;
  const [a, b, c, d, bits] = parts.slice(1).map(Number) as [number, number, number, number, number];
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - bits);
  const first = address - (address % size);
  return { address, first, end: first + size, bits };
}

function parse(text: string): Network {
  const network = parseNetwork(text);
  if (network === null) throw new Error(`units.json has ${text}, which is no network`);
  return network;
}

function holds(outer: Network, inner: Network): boolean {
  return outer.first <= inner.first && inner.end <= outer.end;
}

function overlap(one: Network, other: Network): boolean {
  return one.first < other.end && other.first < one.end;
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

function refuse(pool: string, why: string): Failure {
  return new Failure(exitStatus.usage, 'bad-pool', `--pool is ${JSON.stringify(pool)}: ${why}`);
}
