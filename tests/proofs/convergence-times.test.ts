import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { type EngineTask, ofStack } from '@ccci/lib/swarm/shapes.ts';
import t, { type Test } from 'tap';
import { type LabRun, labRun, type Services, web } from '../lib/swarm/lab.ts';
import { enterBox } from '../support/engine/enter.ts';

const isFull = process.env.CCCI_SCALE === 'full';
/** How long things take; the small size shows the same in less time. */
const seconds = isFull ? { database: 45, slowStart: 60 } : { database: 8, slowStart: 6 };
/** Swarm's own pause between two attempts is 5 s. */
const restart = {
  ...(isFull ? {} : { restart_policy: { delay: '300ms' } }),
  // As Swarm has it: an attempt of 3 s must not be taken for a service that runs.
  update_config: { monitor: '5s' },
};
const patienceMs = isFull ? 300_000 : 90_000;
/** From the last failure, by the engine's clock, to the verdict: generous, a loaded machine is no defect. */
const verdictWithinMs = 10_000;

const box = await enterBox(import.meta.url);
const engine = connectEngine(box.dockerHost);
t.setTimeout(600_000);
t.jobs = isFull ? 8 : 3;

const quick = { test: ['CMD', 'true'], interval: '300ms', timeout: '5s', retries: 5 };
const answers = {
  test: ['CMD-SHELL', 'timeout 3 wget -q -O /dev/null http://127.0.0.1/'],
  interval: '1s',
  timeout: '5s',
};

t.test('L24 a crash loop is red with its last log line soon after its last failure', async (t) => {
  const lab = labRun(t, engine);
  const startedAt = performance.now();
  const crash = { command: ['sh', '-c', 'echo starting; echo "cannot open database"; exit 3'] };
  const verdict = await land(t, lab, { app: web(1, crash, restart), db: web(1, { healthcheck: quick }) });
  const verdictAt = Date.now();
  t.match(verdict, {
    ok: false,
    kind: 'crash-loop',
    summary: /^app crashes again and again: \d+ times, exit 3: "cannot open database"$/,
  });
  // The failures are counted anew once the database is healthy, so the third one is not always the one that counts.
  const failedAt = (await failures(lab, 'app')).map(({ Status }) => Date.parse(Status.Timestamp));
  const afterMs = verdictAt - Math.max(...failedAt.filter((at) => at <= verdictAt));
  t.ok(afterMs < verdictWithinMs, `${afterMs} ms after the last failure`);
  if (isFull) t.ok(performance.now() - startedAt < 30_000, `red after ${performance.now() - startedAt} ms`);
});

for (const app of ['with', 'without'])
  for (const db of ['with', 'without'])
    t.test(
      `L24 exits until its database answers after ${seconds.database} s, ${app} healthcheck, the database ${db}: green`,
      async (t) => {
        const lab = labRun(t, engine);
        const patient = {
          command: [
            'sh',
            '-c',
            'timeout 3 wget -qO- http://db/ || { echo no database yet; exit 1; }; exec httpd -f -p 80 -h /www',
          ],
          ...(app === 'with' ? { healthcheck: { ...answers, retries: 5 } } : {}),
        };
        const slow = {
          command: ['sh', '-c', `sleep ${seconds.database}; exec httpd -f -p 80 -h /www`],
          ...(db === 'with' ? { healthcheck: { ...answers, retries: 200 } } : {}),
        };
        const verdict = await land(t, lab, { app: web(1, patient, restart), db: web(1, slow) });
        t.match(verdict, { ok: true }, JSON.stringify(verdict));
        const failed = await failures(lab, 'app');
        t.ok(failed.length > 0, `it failed before: ${failed.length} of its tasks are still known`);
      },
    );

for (const [name, patience] of [
  ['many tries', { retries: 600 }],
  ['a long start period', { retries: 3, start_period: `${seconds.slowStart + 60}s` }],
] as const)
  t.test(`a healthy start that takes ${seconds.slowStart} s, with ${name}: green`, async (t) => {
    const lab = labRun(t, engine);
    const slow = {
      command: ['sh', '-c', `sleep ${seconds.slowStart}; exec httpd -f -p 80 -h /www`],
      healthcheck: { ...answers, ...patience },
    };
    const verdict = await land(t, lab, { app: web(1, slow) });
    t.match(verdict, { ok: true }, JSON.stringify(verdict));
    t.same(await failures(lab, 'app'), [], 'no task failed');
  });

async function land(t: Test, lab: LabRun, services: Services) {
  t.setTimeout(patienceMs + 60_000);
  const call = await lab.deploy(services);
  const signal = AbortSignal.timeout(patienceMs + 30_000);
  return lab.converge(call, { timeoutMs: patienceMs, signal });
}

/** The failed tasks of a service that the engine still knows, oldest first. */
async function failures({ stack }: LabRun, service: string): Promise<EngineTask[]> {
  const tasks = await engine.json<EngineTask[]>('GET', `/tasks?${ofStack(stack)}`);
  const services = await engine.json<{ ID: string; Spec: { Name: string } }[]>(
    'GET',
    `/services?${ofStack(stack)}`,
  );
  const id = services.find(({ Spec }) => Spec.Name === `${stack}_${service}`)?.ID;
  return tasks
    .filter((task) => task.ServiceID === id && task.Status.State === 'failed')
    .sort((a, b) => (a.Status.Timestamp < b.Status.Timestamp ? -1 : 1));
}
