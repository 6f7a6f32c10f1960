import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { enterOwnBox } from '../support/systemd/box.ts';

t.setTimeout(300_000);
await enterOwnBox(import.meta.url);

const run = promisify(execFile);
const script = join(import.meta.dirname, '..', '..', 'modules', 'host', 'firewall.sh');
const firewall = (verb: string) => run('bash', [script, verb], { timeout: 60_000 });

/** Something of this machine's that listens on all of its addresses. */
const server = createServer((_request, response) => response.end('reached'));
server.listen(0, '0.0.0.0');
await once(server, 'listening');
t.teardown(() => server.close());
const { port } = server.address() as AddressInfo;

/** What a container gets from an address; empty where it gets nothing. */
async function fromContainer(url: string): Promise<string> {
  // As process 1 wget would hear no signal from inside.
  const command = [
    'run',
    '--init',
    '--rm',
    'lab.invalid/web:1',
    'timeout',
    '-s',
    'KILL',
    '3',
    'wget',
    '-q',
    '-O-',
    url,
  ];
  return run('docker', command, { timeout: 60_000 }).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

t.test(
  'containers reach neither this machine nor private addresses; without the rules they would',
  async (t) => {
    const { stdout } = await run('ip', ['-4', '-o', 'address', 'show', 'docker0']);
    const gateway = /inet ([\d.]+)/.exec(stdout)?.[1];
    // A private address of somebody else, as far as the container can tell: behind this machine, not on its bridge.
    await run('ip', ['address', 'add', '10.99.0.1/32', 'dev', 'lo']);
    const urls = [`http://${gateway}:${port}/`, `http://10.99.0.1:${port}/`];
    for (const url of urls) t.equal(await fromContainer(url), 'reached', `${url} before`);
    await firewall('up');
    await firewall('up');
    for (const url of urls) t.equal(await fromContainer(url), '', `${url} behind the rules`);
    const { stdout: rules } = await run('iptables', ['-S']);
    for (const chain of ['CCCI-OUT', 'CCCI-HOST']) {
      t.equal(
        rules.split(`-i docker0 -j ${chain}`).length,
        2,
        `one way into ${chain}, however often it was made`,
      );
    }
    t.match(rules, /-A CCCI-OUT -d 169\.254\.0\.0\/16 -j DROP/, 'the metadata address');
    const published = ['run', '-d', '--rm', '-p', '8085:80', 'lab.invalid/web:1'];
    const { stdout: id } = await run('docker', published);
    t.match(
      await fetch(`http://${gateway}:8085/`).then((answer) => answer.text()),
      'web 1',
      'answers of containers pass',
    );
    await run('docker', ['rm', '-f', id.trim()]);
    await firewall('down');
    for (const url of urls) t.equal(await fromContainer(url), 'reached', `${url} afterwards`);
  },
);
