import { setTimeout as elapsed } from 'node:timers/promises';
import { deployStack, stackServices } from '@ccci/lib/swarm/deploy.ts';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { listLeft, listMakingTasks } from '@ccci/lib/swarm/left.ts';
import { createConfig, createNetwork, createSecret } from '@ccci/lib/swarm/objects.ts';
import { removeRun, removeStack } from '@ccci/lib/swarm/remove.ts';
import { type EngineTask, hasEnded, ofStack } from '@ccci/lib/swarm/shapes.ts';
import { openCarrier } from '@ccci/lib/swarm/volumes.ts';
import { openWakes } from '@ccci/lib/swarm/wakes.ts';
import t from 'tap';
import { enterBox } from '../../support/engine/enter.ts';
import { type LabRun, labRun, web } from './lab.ts';

t.setTimeout(600_000);
const box = await enterBox(import.meta.url);
const engine = connectEngine(box.dockerHost);

t.test('L23 everything of a run goes, also while it starts, and nothing of another run', async (t) => {
  const [one, two] = [labRun(t, engine), labRun(t, engine)];
  await furnish(one);
  await furnish(two);
  const before = await listLeft(engine, two);
  t.match(before.join('\n'), /config .*\ncontainer .*\nnetwork .*\nsecret .*\nservice .*\nvolume /s);
  const foreign = { 'com.docker.stack.namespace': one.stack, 'ccci.owner': 'tests', 'ccci.run': 'another' };
  await engine.json('POST', '/volumes/create', { Name: `${one.run}-foreign`, Labels: foreign });
  t.teardown(() => engine.json('DELETE', `/volumes/${one.run}-foreign`));
  t.equal((await anonymousVolumes()).length, 2);
  const startedAt = performance.now();
  t.same(await one.remove(), { clean: true, left: [] });
  t.comment(`removed in ${Math.round(performance.now() - startedAt)} ms`);
  t.same(await listLeft(engine, one), []);
  t.same(await allOf(one.stack), [], 'nor anything that carries the stack’s name only');
  t.equal((await anonymousVolumes()).length, 1, 'its anonymous volume is gone, too');
  t.ok(
    await engine.json('GET', `/volumes/${one.run}-foreign`),
    'another run’s volume under the same stack name stays',
  );
  t.same(await listLeft(engine, two), before);
  t.same(await one.remove(), { clean: true, left: [] }, 'a second time is fine');
  t.match(await two.land({ app: web(1) }), { ok: true }, 'the other run still works');
  t.match(await one.land({ app: web(1) }), { ok: true }, 'the same name can be deployed again at once');
});

t.test('between two deployments the run’s network and other stacks stay', async (t) => {
  const lab = labRun(t, engine);
  await furnish(lab);
  t.match(await removeStack(engine, { ...lab, timeoutMs: 90_000 }), { clean: true });
  t.same(await listLeft(engine, lab), [`network ${lab.run}_proxy`, `secret ${lab.run}_secret`]);
});

t.test('L23 what is being made when a run is ended is there before the removal looks', async (t) => {
  const lab = labRun(t, engine);
  const ending = new AbortController();
  const name = `${lab.run}_late`;
  const asked = createNetwork(engine, { name, labels: lab.labels, signal: ending.signal });
  setImmediate(() => ending.abort('a newer trigger'));
  t.match(await asked, /^[a-z0-9]{20,}$/, 'what was asked for is waited for');
  t.same(await listLeft(engine, lab), [`network ${name}`], 'the network that was asked for');
  await t.rejects(createNetwork(engine, { name: `${name}r`, labels: lab.labels, signal: ending.signal }), {
    code: 'aborted',
  });
  const deploying = new AbortController();
  const text = JSON.stringify({ version: '3.8', services: { app: web(1), more: web(1) } });
  // Before the deployment: what wakes is its first service, not the safety net.
  const wakes = await openWakes(engine, { types: ['service'], isRelevant: () => true });
  const deployed = deployStack({ engine, stack: lab.stack, text, signal: deploying.signal });
  await wakes.next(20_000);
  deploying.abort('a newer trigger');
  await deployed.catch(() => {});
  t.equal((await stackServices(engine, lab.stack)).length, 2, 'all services that were asked for');
  wakes.close();
  t.match(await lab.remove(), { clean: true });
});

t.test(
  'L23 a task in preparation makes no network again after the removal said that all is gone',
  async (t) => {
    const rounds = process.env.CCCI_SCALE === 'full' ? 60 : 6;
    for (let round = 0; round < rounds; round++) {
      const lab = labRun(t, engine);
      const name = `${lab.stack}_run`;
      await createNetwork(engine, { name, labels: lab.labels });
      const services = { app: { ...web(1), networks: ['run'] }, more: { ...web(1), networks: ['run'] } };
      await lab.deploy(services, { networks: { run: { external: true, name } } });
      await elapsed((round * 280) % 1_720);
      t.match(await lab.remove(), { clean: true });
      t.same(await listMakingTasks(engine, [lab.stack]), [], `round ${round}: nothing more is made`);
      await tasksEnded(lab.stack);
      t.same(await allOf(lab.stack), [], `round ${round}: nothing is there again`);
    }
  },
);

t.test('a port of the node can be had again when the stack is gone', async (t) => {
  const lab = labRun(t, engine);
  const ports = [{ target: 8080, published: 18_080, mode: 'host' }];
  for (const time of ['once', 'and again at once']) {
    t.match(await lab.land({ app: { ...web(1), ports } }), { ok: true }, time);
    t.match(await lab.remove(), { clean: true });
  }
});

t.test('which tasks of a service that is gone are waited for', async (t) => {
  const states = ['new', 'assigned', 'preparing', 'ready', 'starting', 'running', 'shutdown', 'failed'];
  const tasks = states.map((State) => ({ ID: State, ServiceID: 's', Status: { State } }));
  const answers: Readonly<Record<string, unknown>> = { '/tasks': tasks, '/services': [], '/nodes': [] };
  const json = async (_method: string, path: string) => answers[path.replace(/\?.*/, '')];
  const words = await listMakingTasks({ json } as unknown as typeof engine, ['stack']);
  t.same(
    words.map((text) => text.split(' ')[1]),
    ['new', 'assigned', 'preparing', 'ready', 'starting'],
  );
});

t.test('what cannot be removed in time is named with the engine’s reason', async (t) => {
  const lab = labRun(t, engine);
  const volume = `${lab.stack}_data`;
  await engine.json('POST', '/volumes/create', { Name: volume, Labels: lab.labels });
  const holder = await openCarrier(engine, {
    volumes: [{ name: volume }],
    image: 'lab.invalid/web:1',
    labels: {},
  });
  const removal = await removeRun(engine, { ...lab, timeoutMs: 3_000 });
  t.match(removal, { clean: false, left: [/^volume .*_data \(.*volume is in use/] });
  await holder.close();
  t.match(await lab.remove(), { clean: true });
});

t.test('an engine that is not there: left unknown, in words, and no exception', async (t) => {
  const nowhere = connectEngine('unix:///nonexistent/docker.sock');
  const removal = await removeRun(nowhere, { stack: 'x', run: 'x', owner: 'x', timeoutMs: 2_000 });
  t.match(removal, { clean: false, left: [/^cannot look: Docker engine.*ENOENT/] });
});

/** A run with one of each kind, its service just starting. */
async function furnish({ run, labels, deploy, stack, signal }: LabRun): Promise<void> {
  await createNetwork(engine, { name: `${run}_proxy`, labels, signal });
  await createSecret(engine, { name: `${run}_secret`, data: 'secret', labels, signal });
  const namespace = { 'com.docker.stack.namespace': stack };
  await createConfig(engine, {
    name: `${run}_config`,
    data: 'config',
    labels: { ...labels, ...namespace },
    signal,
  });
  const app = web(
    1,
    { volumes: ['data:/data', '/anonymous'], networks: ['proxy', 'default'], secrets: ['s'] },
    { labels },
  );
  await deploy(
    { app },
    {
      volumes: { data: { labels } },
      networks: { proxy: { external: true, name: `${run}_proxy` } },
      secrets: { s: { external: true, name: `${run}_secret` } },
    },
  );
  const wanted = performance.now() + 60_000;
  while ((await containers(stack)).length === 0 && performance.now() < wanted)
    await new Promise((next) => setTimeout(next, 50));
}

async function tasksOf(stack: string): Promise<EngineTask[]> {
  return engine.json('GET', `/tasks?${ofStack(stack)}`);
}

/** Resolves when the engine works on no task of a stack any more. */
async function tasksEnded(stack: string): Promise<void> {
  const wanted = performance.now() + 90_000;
  while (!(await tasksOf(stack)).every(hasEnded)) {
    if (performance.now() > wanted) throw new Error(`tasks of ${stack} do not end`);
    await elapsed(100);
  }
}

async function containers(stack: string): Promise<unknown[]> {
  return engine.json(
    'GET',
    `/containers/json?all=1&filters=${encodeURIComponent(JSON.stringify({ name: [stack] }))}`,
  );
}

/** Names of all containers, volumes and networks with the stack’s name in theirs, and volumes without a name of ours. */
async function allOf(stack: string): Promise<unknown[]> {
  const { Volumes } = await engine.json<{ Volumes: { Name: string }[] | null }>('GET', '/volumes');
  const networks = await engine.json<{ Name: string }[]>('GET', '/networks');
  const names = [...(Volumes ?? []), ...networks]
    .map(({ Name }) => Name)
    .filter((name) => name.includes(stack));
  return [...names, ...(await containers(stack))];
}

async function anonymousVolumes(): Promise<string[]> {
  const { Volumes } = await engine.json<{ Volumes: { Name: string }[] | null }>('GET', '/volumes');
  return (Volumes ?? []).map(({ Name }) => Name).filter((name) => /^[0-9a-f]{64}$/.test(name));
}
