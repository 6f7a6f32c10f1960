import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { createNetwork } from '@ccci/lib/swarm/objects.ts';
import { makeRelay } from '@ccci/lib/swarm/relay.ts';
import { ensureRelayImage } from '@ccci/lib/swarm/relay-image.ts';
import { removeRun } from '@ccci/lib/swarm/remove.ts';
import t from 'tap';
import { enterBox } from '../../support/engine/enter.ts';

await enterBox(import.meta.url);

const engine = connectEngine(process.env.DOCKER_HOST);
const labels = { 'ccci.owner': 'relay-test', 'ccci.run': 'relay-1' };
const alias = 'idp-123456.ccci.test';
const signal = new AbortController().signal;

/** A stack with the services `app` and `db` on a network of its own; pages say which image serves. */
async function deploy(dir: string, stack: string, image: string): Promise<void> {
  await createNetwork(engine, { name: `${stack}_run`, labels });
  const service = (name: string) => `
  ${name}:
    image: ${image}
    networks: [proxy]
    deploy: { endpoint_mode: dnsrr, labels: { ccci.owner: relay-test, ccci.run: relay-1 } }`;
  const file = join(dir, `${stack}.yml`);
  const networks = `networks:\n  proxy: { external: true, name: ${stack}_run }\n`;
  writeFileSync(file, `version: "3.8"\nservices:${service('app')}${service('db')}\n${networks}`);
  docker(['stack', 'deploy', '--detach', '--resolve-image', 'never', '--compose-file', file, stack]);
}

t.test(
  'an app reaches what it needs by its domain alone, and neither answers for the other’s names',
  async (t) => {
    t.teardown(() =>
      removeRun(engine, { stack: 'rapp', run: 'relay-1', owner: 'relay-test', timeoutMs: 60_000 }),
    );
    const dir = t.testdir();
    await deploy(dir, 'rapp', 'lab.invalid/web:2');
    await deploy(dir, 'rdep', 'lab.invalid/web:1');
    await makeRelay(engine, {
      name: 'rapp_to-idp-123456',
      labels,
      from: { network: 'rapp_run', alias },
      to: { service: 'rdep_app', port: 80 },
      timeoutMs: 30_000,
      signal,
    });
    const [app, dependency] = [await container('rapp_app'), await container('rdep_app')];
    t.equal(page(app, alias), 'web 1');
    t.equal(page(app, 'app'), 'web 2', 'app is the app');
    t.equal(page(app, 'db'), 'web 2');
    t.equal(page(dependency, 'app'), 'web 1', 'in the dependency, app is the dependency');
    t.equal(page(dependency, 'db'), 'web 1');
    t.equal(page(dependency, alias, 1), 'nothing', 'and it has no way to the app’s network');
    // A container knows its own service's name by itself: its neighbours ask the network.
    const [beside, besideDependency] = [await container('rapp_db'), await container('rdep_db')];
    for (let again = 0; again < 10; again += 1) {
      t.equal(page(beside, 'app'), 'web 2');
      t.equal(page(besideDependency, 'app'), 'web 1');
    }
  },
);

t.test('without a static busybox it says what to install', async (t) => {
  const { length } = await ensureRelayImage(engine, process.env.PATH);
  t.ok(length > 'ccci-relay:'.length);
  await t.rejects(ensureRelayImage(engine, '/nowhere', []), { code: 'no-busybox', hint: /busybox-static/ });
});

/** What a container gets from a host by HTTP; a name is known a moment after its task runs. */
function page(container: string, host: string, tries = 20): string {
  const get = `timeout 4 wget -q -O - http://${host}/ 2>/dev/null`;
  const script = `i=0; while [ $i -lt ${tries} ]; do ${get} && exit; i=$((i + 1)); sleep 0.2; done; echo nothing`;
  return docker(['exec', container, 'sh', '-c', script]);
}

async function container(service: string): Promise<string> {
  const filter = `label=com.docker.swarm.service.name=${service}`;
  for (let tries = 0; tries < 300; tries += 1) {
    const id = docker(['ps', '--quiet', '--filter', filter]);
    if (id !== '') return id;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no container of ${service}`);
}

function docker(args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}
