import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import t from 'tap';
import { enterBox } from '../../support/engine/enter.ts';
import { labRun, web } from './lab.ts';

t.setTimeout(600_000);
const box = await enterBox(import.meta.url);
const engine = connectEngine(box.dockerHost);
t.jobs = 4;

const quick = { test: ['CMD', 'true'], interval: '300ms', timeout: '2s', retries: 2 };
const crash = { command: ['sh', '-c', 'echo starting; echo "cannot open database"; exit 3'] };
const soon = { restart_policy: { delay: '200ms' }, update_config: { monitor: '2s' } };

t.test('L24 a crash loop is recognised within seconds, in a first deployment too', async (t) => {
  const lab = labRun(t, engine);
  const failed = await lab.land({ app: web(1, crash, soon), db: web(1, { healthcheck: quick }) });
  t.match(failed, {
    ok: false,
    kind: 'crash-loop',
    cause: 'recipe',
    service: 'app',
    summary: /^app crashes again and again: \d+ times, exit 3: "cannot open database"$/,
  });
});

t.test('one that crashes until its database answers is waited for', async (t) => {
  const lab = labRun(t, engine);
  const patient = {
    command: ['sh', '-c', 'wget -qO- http://db/ || exit 1; exec httpd -f -p 80 -h /www'],
    healthcheck: quick,
  };
  const slow = {
    command: ['sh', '-c', 'sleep 3; exec httpd -f -p 80 -h /www'],
    healthcheck: { ...quick, test: ['CMD', 'wget', '-qO-', 'http://127.0.0.1/'], retries: 30 },
  };
  const landed = await lab.land({ app: web(1, patient, soon), db: web(1, slow) });
  t.match(landed, { ok: true }, JSON.stringify(landed));
});

t.test(
  'a healthcheck that never passes, a process that cannot start, one that runs out of memory',
  async (t) => {
    const lab = labRun(t, engine);
    const sick = {
      healthcheck: { ...quick, test: ['CMD', 'sh', '-c', 'echo no table users; exit 1'], retries: 1 },
    };
    t.match(await lab.land({ app: web(1, sick, soon) }), {
      ok: false,
      kind: 'unhealthy',
      summary:
        /^app starts but does not become healthy in time \(start_period 0 s, then 1 try every 0.3 s\): 3 tasks were killed, its healthcheck said "no table users"; if it only needs longer, widen /,
    });
    await lab.remove();
    const absent = await lab.land({ app: web(1, { command: ['/nosuch'] }, soon) });
    t.match(absent, { ok: false, kind: 'crash-loop', summary: /could not start: exec: "\/nosuch"/ });
    await lab.remove();
    const hungry = { command: ['sh', '-c', 'x=aaaaaaaa; while :; do x=$$x$$x; done'] };
    const full = await lab.land({
      app: web(1, hungry, { ...soon, resources: { limits: { memory: '12M' } } }),
    });
    t.match(full, { ok: false, kind: 'out-of-memory', summary: /out of memory \(limit 12 MB\)/ });
  },
);

t.test('ends that are fine and ends that are not; no replicas; global; a job', async (t) => {
  const lab = labRun(t, engine);
  const once = (code: number) =>
    web(1, { command: ['sh', '-c', `exit ${code}`] }, { restart_policy: { condition: 'none' } });
  const job = {
    image: 'lab.invalid/web:1',
    command: ['true'],
    deploy: { mode: 'replicated-job', replicas: 2, restart_policy: { condition: 'none' } },
  };
  const fine = await lab.land({
    app: web(1),
    once: once(0),
    job,
    none: web(1, {}, { replicas: 0 }),
    each: web(1, {}, { mode: 'global' }),
  });
  t.match(fine, { ok: true }, JSON.stringify(fine));
  await lab.remove();
  t.match(await lab.land({ app: web(1), once: once(4) }), {
    ok: false,
    service: 'once',
    summary: 'once ended (exit 4) and is not started again',
  });
});

t.test('an image that is not there, and a node that is not there', async (t) => {
  const lab = labRun(t, engine);
  const missing = await lab.land({ app: web(99) });
  t.match(missing, {
    ok: false,
    kind: 'image-missing',
    summary: /^the image of app is not there: No such image: lab.invalid\/web:99/,
  });
  t.equal(
    (missing as { cause: string }).cause,
    'infra',
    'no registry answered here, so the recipe is not blamed',
  );
  await lab.remove();
  const nowhere = { placement: { constraints: ['node.labels.none == 1'] } };
  t.match(await lab.land({ app: web(1, {}, nowhere) }), {
    ok: false,
    kind: 'unplaceable',
    cause: 'recipe',
    summary: /^no node can run app: no suitable node/,
  });
});

t.test('the time limit says what was waited for', async (t) => {
  const lab = labRun(t, engine);
  const slow = { healthcheck: { ...quick, test: ['CMD', 'false'], retries: 100 } };
  const late = await lab.converge(await lab.deploy({ app: web(1, slow) }), { timeoutMs: 20_000 });
  t.match(late, {
    ok: false,
    kind: 'timeout',
    service: 'app',
    summary:
      'not converged within 20 s: app: 0 of 1 running, newest task starting, its healthcheck has not passed yet',
  });
  await lab.remove();
  const crashing = { ...slow, command: ['sh', '-c', 'echo no database; exit 1'] };
  const services = { app: web(1, crashing, soon), db: web(1) };
  const never = await lab.converge(await lab.deploy(services), { timeoutMs: 30_000 });
  t.match(never, {
    kind: 'timeout',
    service: 'app',
    summary: /^not converged within 30 s: .*; app crashes.* exit 1: "no database"$/,
  });
});
