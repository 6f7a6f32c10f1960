import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { createNetwork } from '@ccci/lib/swarm/objects.ts';
import { joinProxy } from '@ccci/lib/swarm/proxy.ts';
import { serviceContainers } from '@ccci/lib/swarm/tasks.ts';
import t from 'tap';
import { enterBox } from '../../support/engine/enter.ts';
import { type LabRun, labRun, web } from './lab.ts';

const box = await enterBox(import.meta.url);
const engine = connectEngine(box.dockerHost);

async function connectedTo(network: string): Promise<string[]> {
  const { Containers } = await engine.json<{ Containers?: Record<string, unknown> }>(
    'GET',
    `/networks/${network}`,
  );
  return Object.keys(Containers ?? {}).filter((id) => /^[0-9a-f]{64}$/.test(id));
}

async function addressesOn(network: string): Promise<string[]> {
  const { Containers } = await engine.json<{ Containers?: Record<string, { IPv4Address: string }> }>(
    'GET',
    `/networks/${network}`,
  );
  return Object.values(Containers ?? {}).map(({ IPv4Address }) => IPv4Address);
}

/** A service of the run on its network. */
function landOn(run: LabRun, network: string, replicas: number) {
  const networks = { proxy: { external: true, name: network } };
  return run.land({ app: web(2, { networks: ['proxy'] }, { replicas }) }, { networks });
}

t.test("a proxy that is a Swarm service joins a run's network and is let go of with it", async (t) => {
  const proxy = labRun(t, engine);
  await proxy.land({ app: web(1) });
  const [task] = await serviceContainers(engine, proxy.stack, 'app');
  const name = `${proxy.stack}_app`;

  const runs = [labRun(t, engine), labRun(t, engine)];
  const networks = runs.map(({ stack }) => `${stack}_run`);
  for (const [index, network] of networks.entries()) {
    await createNetwork(engine, { name: network, labels: runs[index]!.labels });
    await landOn(runs[index]!, network, 1);
    await joinProxy(engine, { proxy: name, network });
    await joinProxy(engine, { proxy: name, network });
    t.ok(
      (await connectedTo(network)).includes(String(task?.container)),
      'joined once, however often it is asked',
    );
    t.match(
      await landOn(runs[index]!, network, 4),
      { ok: true },
      'no task gets the address that the proxy has',
    );
    t.equal(new Set(await addressesOn(network)).size, 6, 'four tasks, the proxy, the endpoint');
  }
  for (const [index, network] of networks.entries()) {
    t.same(
      await runs[index]!.remove(),
      { clean: true, left: [] },
      'L60 the network goes although it was in use',
    );
    t.equal(await engine.json('GET', `/networks/${network}`).catch((error) => error.httpStatus), 404);
  }
  const [still] = await serviceContainers(engine, proxy.stack, 'app');
  t.equal(still?.task, task?.task, 'the proxy was not replaced');
});

t.test('found by a label of its container; none is a failure in words', async (t) => {
  const proxy = labRun(t, engine);
  await proxy.land({ app: web(1, { labels: { 'lab.proxy': proxy.run } }) });
  const run = labRun(t, engine);
  const network = `${run.stack}_run`;
  await createNetwork(engine, { name: network, labels: run.labels });
  await landOn(run, network, 1);
  await joinProxy(engine, { proxy: `label=lab.proxy=${proxy.run}`, network });
  t.equal((await connectedTo(network)).length, 2);
  for (const nobody of ['nobody', 'label=lab.proxy=nobody', `${proxy.stack}_ap`])
    await t.rejects(joinProxy(engine, { proxy: nobody, network }), { code: 'no-proxy', status: 69 });
});
