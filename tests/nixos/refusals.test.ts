/** Hosts that cannot work: what the module says of them, and where the bounds are. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { makeNix, onHost } from '../support/nix/lab.ts';
import { ccci, plainHost, type Refused } from './hosts.ts';
import { mistyped } from './mistyped.ts';
import { refused } from './refused.ts';

t.setTimeout(600_000);
const dir = mkdtempSync(join(tmpdir(), 'ccci-refusals-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const nix = makeNix(dir);

t.test('hosts that cannot work are refused with the cure', async (t) => {
  t.ok(refused.length + mistyped.length >= 25, `${refused.length + mistyped.length} of them`);
  const said = await saidOf(refused.map(({ host }) => host));
  for (const [index, { title, says }] of refused.entries()) {
    t.ok(
      said[index]?.some((message) => says.test(message)),
      `${title}: ${JSON.stringify(said[index])}`,
    );
  }
});

t.test('values of another type are refused by name', async (t) => {
  // Each ends its evaluation: none can be asked together with another.
  const evaluated = ({ host }: Refused) =>
    nix.evaluate(`${onHost(host)}.units`).then(
      () => 'it was taken',
      ({ message }: Error) => message,
    );
  const messages: string[] = [];
  for (const pair of inPairs(mistyped)) messages.push(...(await Promise.all(pair.map(evaluated))));
  for (const [index, { title, says }] of mistyped.entries()) t.match(messages[index], says, title);
});

t.test('L25 slots, networks and the pool: 32 networks a slot, and one of the swarm itself', async (t) => {
  const cases = [
    { slots: 1, pool: '10.96.0.0/19', mask: 24, fits: false }, // 32, less ingress
    { slots: 1, pool: '10.96.0.0/18', mask: 24, fits: true },
    { slots: 1, pool: '10.96.0.0/19', mask: 25, fits: true },
    { slots: 2, pool: '10.96.0.0/18', mask: 24, fits: false },
    { slots: 127, pool: '10.96.0.0/12', mask: 24, fits: true }, // 4095 networks for 4064
    { slots: 128, pool: '10.96.0.0/12', mask: 24, fits: false },
  ];
  const said = await saidOf(
    cases.map(({ slots, pool, mask }) =>
      ccci(`stage.slots = ${slots}; engine = { addressPool = "${pool}"; poolMask = ${mask}; };`),
    ),
  );
  t.same(
    said.map((messages) => messages.length === 0),
    cases.map(({ fits }) => fits),
    JSON.stringify(said),
  );
});

t.test('the network of the proxy beside the pool, whose address need not be its first', async (t) => {
  const cases = [
    { pool: '10.96.0.0/12', proxy: '10.95.255.0/24', fits: true },
    { pool: '10.96.0.0/12', proxy: '10.112.0.0/16', fits: true },
    { pool: '10.96.0.0/12', proxy: '10.111.255.0/24', fits: false },
    { pool: '10.96.0.0/12', proxy: '10.96.0.0/24', fits: false },
    { pool: '10.96.0.0/12', proxy: '10.64.0.0/10', fits: false },
    { pool: '10.100.3.7/12', proxy: '10.96.5.0/24', fits: false },
  ];
  const said = await saidOf(
    cases.map(({ pool, proxy }) => ccci(`engine = { addressPool = "${pool}"; proxySubnet = "${proxy}"; };`)),
  );
  t.same(
    said.map((messages) => messages.length === 0),
    cases.map(({ fits }) => fits),
    JSON.stringify(said),
  );
});

t.test('forks on one machine are warned of', async (t) => {
  const host = plainHost('services.ccci.forges.git.forks = true;');
  t.match(await nix.evaluate(`${onHost(host)}.warnings`), [
    /give the stage one of its own \(stage\.dockerHost\)/,
  ]);
});

/** What the assertions say of each of these hosts. */
async function saidOf(hosts: readonly string[]): Promise<readonly (readonly string[])[]> {
  return (await nix.evaluate(
    `[ ${hosts.map((host) => `(${onHost(host)}.failed)`).join(' ')} ]`,
  )) as string[][];
}

function inPairs<T>(all: readonly T[]): readonly (readonly T[])[] {
  return all.length === 0 ? [] : [all.slice(0, 2), ...inPairs(all.slice(2))];
}
