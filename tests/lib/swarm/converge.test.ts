import { waitConverged } from '@ccci/lib/swarm/converge.ts';
import { connectEngine, EngineError } from '@ccci/lib/swarm/engine.ts';
import { readDeployment, taskAddresses } from '@ccci/lib/swarm/tasks.ts';
import t from 'tap';
import { enterBox } from '../../support/engine/enter.ts';
import { labRun, web } from './lab.ts';

t.setTimeout(600_000);
const box = await enterBox(import.meta.url);
const engine = connectEngine(box.dockerHost);
t.jobs = 3;

const quick = { test: ['CMD', 'true'], interval: '300ms', timeout: '2s', retries: 2 };
const crash = { command: ['sh', '-c', 'echo starting; echo "cannot open database"; exit 3'] };

t.test('a first deployment, the same again, labels only, and an update that lands', async (t) => {
  const lab = labRun(t, engine);
  const app = (version: number, ref: string) => ({
    app: web(version, { healthcheck: quick }, { labels: { 'ccci.ref': ref } }),
  });
  const first = await lab.land(app(1, 'a'.repeat(40)));
  t.match(first, { ok: true, services: [{ service: 'app', running: 1, wanted: 1, update: 'none' }] });
  t.equal((await readDeployment(engine, lab.stack)).on, 'a'.repeat(40));
  const [task] = await taskAddresses(engine, lab.stack, 'app');
  t.equal(
    await (await fetch(`http://${task!.address}/`)).text(),
    'web 1\n',
    'the task answers on its own address',
  );

  const same = await lab.deploy(app(1, 'a'.repeat(40)));
  t.same(same.unchanged, ['app']);
  t.match(
    await lab.converge(same),
    { ok: true, services: [{ update: 'none' }] },
    'no update, nothing to hang on',
  );

  const relabelled = await lab.deploy(app(1, 'b'.repeat(40)));
  t.same(relabelled.unchanged, ['app']);
  t.match(await lab.converge(relabelled), { ok: true, services: [{ update: 'none' }] });
  t.equal((await readDeployment(engine, lab.stack)).on, 'b'.repeat(40));

  const updated = await lab.deploy(app(2, 'c'.repeat(40)));
  t.same(updated.unchanged, []);
  t.match(await lab.converge(updated), { ok: true, services: [{ update: 'completed' }] });
  t.match(await readDeployment(engine, lab.stack), {
    on: 'c'.repeat(40),
    services: [{ image: 'lab.invalid/web:2', updateState: 'completed' }],
  });
});

t.test(
  'L30 L32 a paused update: the words, who still serves, and that it is not held against the next call',
  async (t) => {
    const lab = labRun(t, engine);
    const deploy = { update_config: { monitor: '500ms', failure_action: 'pause', order: 'start-first' } };
    const labels = (ref: string) => ({ ...deploy, labels: { 'ccci.ref': ref.repeat(40) } });
    t.match(await lab.land({ app: web(1, {}, labels('a')) }), { ok: true });
    const failed = await lab.land({ app: web(2, { ...crash, healthcheck: quick }, labels('b')) });
    t.match(failed, {
      ok: false,
      kind: 'paused',
      cause: 'recipe',
      service: 'app',
      summary:
        'Swarm paused the update of app after 1 failed task (exit 3: "cannot open database"); the previous version keeps serving',
    });
    t.equal(
      (await readDeployment(engine, lab.stack)).on,
      'a'.repeat(40),
      'the running task is of the old commit',
    );
    t.match(await lab.land({ app: web(3, {}, labels('c')) }), {
      ok: true,
      services: [{ update: 'completed' }],
    });
  },
);

t.test('L30 a rollback is no success, although the old task serves', async (t) => {
  const lab = labRun(t, engine);
  const deploy = {
    update_config: { monitor: '500ms', failure_action: 'rollback' },
    rollback_config: { monitor: '500ms' },
  };
  const labels = (ref: string) => ({ ...deploy, labels: { 'ccci.ref': ref.repeat(40) } });
  t.match(await lab.land({ app: web(1, {}, labels('a')), db: web(1, {}, labels('a')) }), { ok: true });
  const call = await lab.deploy({
    app: web(2, { ...crash, healthcheck: quick }, labels('b')),
    db: web(1, {}, labels('b')),
  });
  const failed = await lab.converge(call);
  t.match(failed, {
    ok: false,
    kind: 'rolled-back',
    summary: /^Swarm rolled back the update of app after 1 failed task \(exit 3: "cannot open database"\); /,
  });
  // The verdict comes while the old version may still be on its way up again; then nothing runs, and null says so.
  const { on } = await readDeployment(engine, lab.stack);
  t.ok(on === null || on === 'a'.repeat(40), `db has the new labels, app tells the truth: ${on}`);
});

t.test(
  'an engine that cannot say whether its containers run is asked again, and blamed in the end',
  async (t) => {
    const lab = labRun(t, engine);
    const call = await lab.deploy({ app: web(1) });
    const { stack, signal } = lab;
    const land = (isAway: (asked: number) => boolean, timeoutMs: number) => {
      let asked = 0;
      const json: typeof engine.json = async (method, path, ...more) => {
        if (path.startsWith('/containers/') && isAway(++asked))
          throw new EngineError({ method, path }, 0, 'connection refused');
        return engine.json(method, path, ...more);
      };
      return waitConverged({ ...engine, json }, { stack, call, timeoutMs, signal });
    };
    t.match(await land((asked) => asked === 1, 60_000), { ok: true });
    t.match(await land(() => true, 5_000), {
      kind: 'timeout',
      cause: 'infra',
      service: '',
      summary: 'not converged within 5 s: the engine does not confirm that its containers run',
    });
  },
);
