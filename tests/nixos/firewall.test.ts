/** What containers reach with and without the rules, in a box whose network is its own. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { startElsewhere } from '../support/elsewhere.ts';
import { enterOwnBox } from '../support/systemd/box.ts';

t.setTimeout(600_000);
await enterOwnBox(import.meta.url);

const run = promisify(execFile);
const script = join(import.meta.dirname, '..', '..', 'modules', 'host', 'firewall.sh');
const firewall = (verb: string, env = process.env) => run('bash', [script, verb], { timeout: 60_000, env });

/** Something of this machine's that listens on all of its addresses. */
const server = createServer((_request, response) => response.end('reached'));
server.listen(0, '::');
await once(server, 'listening');
t.teardown(() => server.close());
const { port } = server.address() as AddressInfo;

// As somebody has it who gives runs IPv6; the swarm takes a bridge of this name that is there.
const bridge = 'docker_gwbridge';
await run('docker', [
  ...['network', 'create', '--ipv6', '--subnet', '172.30.0.0/16', '--subnet', '2001:db8:1::/64'],
  ...[
    '--gateway',
    '172.30.0.1',
    '--gateway',
    '2001:db8:1::1',
    '-o',
    `com.docker.network.bridge.name=${bridge}`,
    bridge,
  ],
]);
writeFileSync('/proc/sys/net/ipv6/conf/all/forwarding', '1');
const elsewhere = await startElsewhere([
  { theirs: '198.51.100.1', ours: '198.51.100.254', prefix: 24 },
  { theirs: '10.99.0.1', ours: '10.99.0.254', prefix: 24 },
  { theirs: '169.254.169.254', ours: '169.254.169.1', prefix: 24 },
  { theirs: '2001:db8:99::1', ours: '2001:db8:99::ff', prefix: 64 },
  { theirs: 'fd99::1', ours: 'fd99::ff', prefix: 64 },
  { theirs: 'fec0:99::1', ours: 'fec0:99::ff', prefix: 64 },
]);
t.teardown(elsewhere.close);
const { stdout: links } = await run('ip', ['-6', '-o', 'address', 'show', 'dev', bridge, 'scope', 'link']);
const link = /inet6 (fe80:[0-9a-f:]+)/.exec(links)?.[1] ?? 'fe80::1';

/** Addresses on the internet, which runs may reach, and what they may not. */
const allowed = ['http://198.51.100.1/', 'http://[2001:db8:99::1]/'];
const forbidden4 = [`http://172.30.0.1:${port}/`, 'http://10.99.0.1/', 'http://169.254.169.254/'];
const forbidden6 = [
  `http://[2001:db8:1::1]:${port}/`,
  `http://[${link}%eth0]:${port}/`,
  'http://[fd99::1]/',
  'http://[fec0:99::1]/',
];

/** What of these a container reaches. */
async function reached(urls: readonly string[]): Promise<readonly string[]> {
  // All at once: what is dropped is waited for. As process 1 wget would hear no signal from inside.
  const one = 'timeout -s KILL 3 wget -q -O- "$url" >/dev/null 2>&1 && echo "$url" &';
  const command = `for url in ${urls.map((url) => `'${url}'`).join(' ')}; do ${one} done; wait`;
  const argv = ['run', '--init', '--rm', '--network', bridge, 'lab.invalid/web:1', 'sh', '-c', command];
  const { stdout } = await run('docker', argv, { timeout: 60_000 });
  return stdout.split('\n').filter(Boolean).sort();
}

const everything = [...allowed, ...forbidden4, ...forbidden6].sort();

t.test('runs reach the internet, and neither this machine nor private addresses', async (t) => {
  t.same(await reached(everything), everything, 'without the rules all of it');
  for (let times = 0; times < 2; times += 1) t.equal((await firewall('up')).stderr, '');
  t.same(await reached(everything), [...allowed].sort(), 'behind them what is public');
  for (const table of ['iptables', 'ip6tables']) {
    const { stdout: rules } = await run(table, ['-S']);
    for (const name of [bridge, 'docker0'])
      for (const [from, chain] of [
        ['INPUT', 'CCCI-HOST'],
        ['FORWARD', 'CCCI-OUT'],
        ['DOCKER-USER', 'CCCI-OUT'],
      ])
        t.equal(rules.split(`-A ${from} -i ${name} -j ${chain}`).length, 2, `${table}: one way from ${from}`);
  }
  const published = ['run', '-d', '--rm', '-p', '8085:80', 'lab.invalid/web:1'];
  const { stdout: id } = await run('docker', published);
  const answer = await fetch('http://172.30.0.1:8085/').then((one) => one.text());
  t.match(answer, 'web 1', 'answers of containers pass');
  await run('docker', ['rm', '-f', id.trim()]);
  await firewall('down');
  t.same(await reached(everything), everything, 'and afterwards all of it');
});

t.test('a machine without ip6tables keeps the rules for IPv4, and says so', async (t) => {
  const hidden = t.testdir({ ip6tables: '#!/bin/sh\nexit 3\n' });
  await run('chmod', ['+x', join(hidden, 'ip6tables')]);
  const { stderr } = await firewall('up', { ...process.env, PATH: `${hidden}:${process.env.PATH}` });
  t.match(
    stderr,
    /warning: ip6tables is missing or does not work: the rules stand for IPv4 alone\. .*install/,
  );
  t.same(await reached([...forbidden4, ...forbidden6]), [...forbidden6].sort());
  await firewall('down');
});

t.test('a machine without iptables at all is an error that says what is not kept', async (t) => {
  const bin = t.testdir({ cat: t.fixture('symlink', '/bin/cat') });
  const asked = run('/bin/bash', [script, 'up'], { env: { PATH: bin } });
  const error = await asked.catch((reason) => reason);
  t.match(error, {
    code: 69,
    stderr: /iptables is missing or does not work, and nothing keeps runs from this machine/,
  });
});
