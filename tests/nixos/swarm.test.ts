/** The units that make a swarm and put a proxy into it, with a real engine; Traefik's image is a stand-in. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeCertificate } from '@ccci/lib/probe/certificate.ts';
import t from 'tap';
import { restartEngine } from '../support/engine/restart.ts';
import { enterOwnBox } from '../support/systemd/box.ts';
import { makeProxyUnit, makeStandIn, type Pair, runScript, shown } from './proxy-unit.ts';

t.setTimeout(600_000);
const box = await enterOwnBox(import.meta.url);
const call = promisify(execFile);
const dir = mkdtempSync(join(tmpdir(), 'ccci-swarm-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const proxy = await makeProxyUnit(dir, box.socket);

const pool = { CCCI_POOL: '10.96.0.0/22', CCCI_POOL_MASK: '24', CCCI_PROXY_SUBNET: '10.80.0.0/16' };
const swarm = (env = {}) => runScript('swarm', { ...pool, ...env });
const docker = async (...args: readonly string[]) => (await call('docker', args)).stdout.trim();
const idOfNetwork = () => docker('network', 'inspect', 'proxy', '--format', '{{.ID}}');

t.test('no proxy before there is a swarm', async (t) => {
  const pair = await makeCertificate(['*.ci.example.org'], new Date());
  t.match(await proxy(pair), { code: 1, stderr: /not a swarm manager/ });
});

t.test('a fresh engine becomes a swarm with a network for the proxy, once', async (t) => {
  t.match(await swarm(), { code: 0, stdout: '', stderr: '' });
  const id = await idOfNetwork();
  t.match(await swarm(), { code: 0, stdout: '', stderr: '' });
  t.equal(await idOfNetwork(), id, 'what is there stays');
  t.match(await docker('network', 'inspect', 'proxy'), /"Subnet": "10\.80\.0\.0\/16"/);
});

t.test(
  'L25 the pool has as many networks as the module reckons, less one for the swarm itself',
  async (t) => {
    const names = ['one', 'two', 'three', 'four'];
    for (const name of names) await docker('network', 'create', '--driver', 'overlay', name);
    await docker('network', 'rm', 'proxy');
    // Resolves when the swarm has come to the network that was asked for last.
    t.match(await swarm(), { code: 0 });
    const format = '{{range .IPAM.Config}}{{.Subnet}}{{end}}';
    const subnets = await docker('network', 'inspect', ...names, '--format', format);
    t.same(
      subnets
        .split('\n')
        .filter((one) => one !== '')
        .sort(),
      ['10.96.1.0/24', '10.96.2.0/24', '10.96.3.0/24'],
      '10.96.0.0/22 has room for three; a fourth is made without addresses, and what is deployed in it never starts',
    );
    await docker('network', 'rm', ...names.slice(1));
  },
);

t.test('what stands in the way is said, with what to do', async (t) => {
  const cases: readonly (readonly [string, object, number, RegExp])[] = [
    ['no engine', { DOCKER_HOST: 'unix:///nonexistent' }, 69, /engine does not answer: see systemctl status/],
    [
      'another pool',
      { CCCI_POOL: '10.96.0.0/12' },
      0,
      /warning: .*10\.96\.0\.0\/22\/24, and keeps it; asked for is 10\.96\.0\.0\/12\/24\. .*leave --force/,
    ],
  ];
  for (const [title, env, code, stderr] of cases) t.match(await swarm(env), { code, stderr }, title);
  await docker('network', 'rm', 'proxy');
  const taken = await docker('network', 'inspect', 'one', '--format', '{{(index .IPAM.Config 0).Subnet}}');
  t.match(await swarm({ CCCI_PROXY_SUBNET: taken }), {
    code: 1,
    stderr: /no addresses of 10\.96\.\d\.0\/24, which something else has/,
  });
  await docker('network', 'rm', 'proxy', 'one');
  await docker('network', 'create', 'proxy');
  t.match(await swarm(), {
    code: 1,
    stderr: /is not one of the swarm but bridge \(local\): docker network rm/,
  });
  await docker('network', 'rm', 'proxy');
  t.match(await swarm(), { code: 0, stderr: '' });
});

t.test('the proxy: made, left as it is, rolled by a new certificate, kept from a bad one', async (t) => {
  await makeStandIn(dir);
  const [first, second, odd] = await Promise.all([
    makeCertificate(['*.ci.example.org'], new Date()),
    makeCertificate(['*.ci.example.org'], new Date()),
    makeCertificate(['*.elsewhere.test'], new Date(Date.now() - 10 * 86_400_000)),
  ]);
  t.match(await proxy(first), { code: 0 });
  await until(async () => (await shown('certificate')) === first.cert, 'the proxy');
  t.match(
    await shown('arguments'),
    /--providers\.swarm\.network=proxy .*--entrypoints\.web-secure\.http\.tls=true/,
  );
  t.match(
    await shown('dynamic.yml'),
    /"certFile":"\/run\/secrets\/certificate".*"keyFile":"\/run\/secrets\/key"/,
  );
  const facts = await shown('facts');
  t.match(facts, /inet 10\.80\./, 'it is on the network proxy');
  t.match(facts, /^s\S+ .*docker\.sock$/m, 'it has the engine to ask');
  const before = await state();
  t.match(await proxy(first), { code: 0 });
  t.same(await state(), before, 'twice is once');

  for (const [title, pair, says] of badPairs(first, second)) {
    t.match(await proxy(pair), { code: 78, stderr: says }, title);
  }
  t.same(await state(), before, 'what serves stays');

  t.match(await proxy(second), { code: 0, stderr: /^(?!.*ccci-proxy)/s });
  await until(async () => (await shown('certificate')) === second.cert, 'the new certificate');
  t.notSame(await state(), before);
  t.match(await proxy(second), { code: 0 });
  t.equal((await state()).secrets.length, 2, 'of the first certificate nothing is left');
  const { code, stderr } = await proxy(odd);
  t.equal(code, 0, 'what can be served is');
  t.match(stderr, /warning: .*not one of \*\.ci\.example\.org/);
  t.match(stderr, /warning: .*past its date \(notAfter=/);
});

t.test('a swarm that is locked', async (t) => {
  await docker('stack', 'rm', 'ccci-proxy');
  await docker('swarm', 'update', '--autolock=true');
  await restartEngine(box, 'engine', 'locked');
  t.match(await swarm(), { code: 1, stderr: /swarm is locked: docker swarm unlock/ });
});

t.test('states that one engine alone cannot be brought into, by a client that says so', async (t) => {
  const states = {
    'active false ': /a worker of another swarm/,
    'pending false ': /neither a swarm nor free.*pending/,
  };
  for (const [says, words] of Object.entries(states)) {
    const bin = t.testdir({ docker: `#!/bin/sh\necho '${says}'\n` });
    chmodSync(join(bin, 'docker'), 0o755);
    t.match(await swarm({ PATH: `${bin}:${process.env.PATH}` }), { code: 1, stderr: words });
  }
});

/** What of the proxy is in the swarm. */
async function state(): Promise<{ readonly tasks: string[]; readonly secrets: string[] }> {
  const lines = (text: string) => text.split('\n').filter(Boolean).sort();
  const running = ['--filter', 'desired-state=running', '--format', '{{.ID}}'];
  return {
    tasks: lines(await docker('service', 'ps', 'ccci-proxy_app', ...running)),
    secrets: lines(await docker('secret', 'ls', '--format', '{{.Name}}')),
  };
}

/** Looks each 50 ms: a container that listens is no event of the engine's. */
async function until(look: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (!(await look())) {
    if (Date.now() > deadline) throw new Error(`${what} did not come within 90 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function badPairs(
  first: Required<Pair>,
  second: Required<Pair>,
): readonly (readonly [string, Pair, RegExp])[] {
  return [
    [
      'half renewed',
      { ...second, key: first.key },
      /the key of proxy\.keyFile is not that of the certificate.*one renewal/,
    ],
    ['no certificate', { key: first.key }, /proxy\.certificateFile cannot be read: a PEM file/],
    ['no key', { cert: first.cert }, /proxy\.keyFile cannot be read: a PEM file/],
    [
      'a certificate that is none',
      { ...first, cert: 'x\n' },
      /certificateFile is no certificate in PEM form/,
    ],
    ['a key that is none', { ...first, key: first.cert }, /keyFile is no key in PEM form/],
  ];
}
