import type { Evidence } from '@ccci/lib/swarm/evidence.ts';
import { pullState } from '@ccci/lib/swarm/images.ts';
import type { Defect } from '@ccci/lib/swarm/judge.ts';
import type { EngineTask } from '@ccci/lib/swarm/shapes.ts';
import { explain, explainTimeout } from '@ccci/lib/swarm/words.ts';
import t from 'tap';

const nothing: Evidence = {
  isOutOfMemory: false,
  healthOutput: null,
  lastLogLine: null,
  image: null,
  networks: [],
};
const exited = { state: 'failed', error: 'task: non-zero exit (1)', exit: 1 };

t.test('a paused update in the words that stages.md promises', async (t) => {
  const said = { ...nothing, lastLogLine: '…last log line…' };
  t.same(explain(defect('paused', [exited], { others: 1 }), said), {
    kind: 'paused',
    cause: 'recipe',
    summary:
      'Swarm paused the update of app after 1 failed task (exit 1: "…last log line…"); the previous version keeps serving',
  });
  const twice = explain(defect('paused', [exited, exited]), nothing).summary;
  t.equal(
    twice,
    'Swarm paused the update of app after 2 failed tasks (exit 1); no task of the previous version runs',
    'only what is true',
  );
});

t.test('L30 a rollback, and one that failed', async (t) => {
  const rolledBack = explain(
    defect('rolled-back', [exited], { update: 'rollback_completed', running: 1 }),
    nothing,
  );
  t.match(rolledBack, {
    kind: 'rolled-back',
    summary:
      'Swarm rolled back the update of app after 1 failed task (exit 1); the previous version serves again',
  });
  t.match(explain(defect('rollback-paused', [exited], { update: 'rollback_paused' }), nothing), {
    kind: 'rollback-paused',
    summary: /and the rollback failed too; no task/,
  });
});

t.test('L62 a rate limit is not a missing image, and not the recipe’s fault', async (t) => {
  const noImage = { state: 'rejected', error: 'No such image: web:9' };
  const image = (state: 'missing' | 'rate-limit' | 'failed', message: string) => ({
    ...nothing,
    image: { image: 'web:9', state, message },
  });
  const judged = (evidence: Evidence) => explain(defect('image-missing', [noImage]), evidence);
  t.match(judged(image('missing', 'manifest unknown')), {
    kind: 'image-missing',
    cause: 'recipe',
    summary: 'the image of app is not there: No such image: web:9; manifest unknown',
  });
  t.match(judged(image('rate-limit', 'toomanyrequests: slow down')), {
    kind: 'rate-limit',
    cause: 'infra',
    summary:
      'the registry does not give out the image of app now (toomanyrequests: slow down): log in to it, or wait; the recipe is not to blame',
  });
  t.match(judged(image('failed', 'dial tcp: i/o timeout')), { kind: 'image-missing', cause: 'infra' });
  t.match(explain(defect('paused', [noImage]), image('rate-limit', 'toomanyrequests')), {
    kind: 'paused',
    cause: 'infra',
  });
  t.equal(pullState('toomanyrequests: You have reached your pull rate limit'), 'rate-limit');
  t.equal(pullState('manifest for web:9 not found: manifest unknown: manifest unknown'), 'missing');
  t.equal(
    pullState('pull access denied for web, repository does not exist or may require docker login'),
    'missing',
  );
  t.equal(pullState('Get "https://registry/v2/": dial tcp: lookup registry: no such host'), 'failed');
});

t.test('loops by what ended the tasks', async (t) => {
  const loop = (task: Parameters<typeof defect>[1][number], evidence: Partial<Evidence> = {}) =>
    explain(defect('crash-loop', [task, task, task]), { ...nothing, ...evidence });
  t.match(loop(exited, { lastLogLine: 'boom' }), {
    kind: 'crash-loop',
    summary: 'app crashes again and again: 3 times, exit 1: "boom"',
  });
  const sick = {
    state: 'failed',
    error: 'task: non-zero exit (137): dockerexec: unhealthy container',
    exit: 137,
  };
  t.match(
    loop(sick, { healthOutput: 'refused' }),
    {
      kind: 'unhealthy',
      summary:
        'app starts but does not become healthy in time (start_period 0 s, then 3 tries every 30 s): 3 tasks were killed, its healthcheck said "refused"; if it only needs longer, widen healthcheck.start_period in the recipe, or for CI alone in compose.ccci.yml',
    },
    'L36 the times are named',
  );
  t.match(loop({ state: 'failed', error: 'task: non-zero exit (137)', exit: 137 }, { isOutOfMemory: true }), {
    kind: 'out-of-memory',
    summary: /out of memory/,
  });
  t.match(loop({ state: 'rejected', error: 'network x not found' }), {
    kind: 'object-missing',
    summary: 'app cannot be started: network x not found',
  });
  const unstartable =
    'starting container failed: OCI runtime create failed: unable to start container process: exec: "/nosuch": no such file';
  t.match(loop({ state: 'failed', error: unstartable, exit: 127 }), {
    summary: /: 3 times, could not start: exec: "\/nosuch": no such file$/,
  });
});

t.test('memory that ran out, also where the kernel’s word was lost', async (t) => {
  const killed = { state: 'failed', error: 'task: non-zero exit (137)', exit: 137, memoryMb: 12 };
  const loop = (task: Parameters<typeof defect>[1][number], evidence: Partial<Evidence> = {}) =>
    explain(defect('crash-loop', [task, task, task]), { ...nothing, ...evidence });
  t.match(loop(killed, { isOutOfMemory: true }), {
    kind: 'out-of-memory',
    summary: /3 times, out of memory \(limit 12 MB\); raise deploy\.resources\.limits\.memory/,
  });
  t.match(loop(killed), {
    kind: 'out-of-memory',
    summary: /killed, most likely out of memory \(limit 12 MB\)/,
  });
  t.match(loop({ ...killed, memoryMb: 0 }), { kind: 'crash-loop', summary: /exit 137, SIGKILL$/ });
  const sick = 'task: non-zero exit (137): dockerexec: unhealthy container';
  t.match(loop({ ...killed, error: sick }), { kind: 'unhealthy' }, 'its healthcheck killed it');
});

t.test('L36 a task that was killed in its first start is named with what came of it', async (t) => {
  const sick = { state: 'failed', error: 'exit (137): dockerexec: unhealthy container', exit: 137 };
  const loop = defect('crash-loop', [exited, exited, exited]);
  const all = [...defect('crash-loop', [sick]).all, ...loop.all];
  t.match(
    explain({ ...loop, all }, { ...nothing, lastLogLine: 'half made' }).summary,
    /^app crashes again and again: 3 times, exit 1: "half made"; its first task was killed as unhealthy while it still started \(start_period 0 s, then 3 tries every 30 s\).*widen healthcheck\.start_period/,
  );
});

t.test('a port: who has it, who is to blame, what to do', async (t) => {
  const waiting = { state: 'pending', error: 'no suitable node (host-mode port already in use on 1 node)' };
  const taken = (by: 'service' | 'replica' | 'previous' | 'outside') =>
    explain({ ...defect('port-taken', [waiting]), port: { port: 80, by, name: 'db' } }, nothing);
  t.match(taken('service'), {
    kind: 'port-taken',
    cause: 'recipe',
    summary: /port 80: db of the same recipe/,
  });
  t.match(taken('replica'), { cause: 'recipe', summary: /only one replica/ });
  t.match(taken('previous'), { cause: 'recipe', summary: /order: stop-first/ });
  t.match(taken('outside'), { cause: 'infra', summary: /outside of this deployment/ });
  const bind = (end: string) => ({
    state: 'failed',
    error: `starting container failed: … ${end}`,
    exit: 128,
  });
  const inUse = bind('Error starting userland proxy: listen tcp4 0.0.0.0:8083: bind: address already in use');
  t.match(explain(defect('crash-loop', [inUse]), nothing), {
    kind: 'port-taken',
    cause: 'infra',
    summary: /port 8083/,
  });
  const allocated = bind('Bind for 0.0.0.0:8083 failed: port is already allocated');
  t.match(explain(defect('paused', [allocated]), nothing), {
    kind: 'paused',
    summary: /after 1 failed task \(could not start: port 8083 of the machine is taken\)/,
  });
});

t.test('what stands in the way of an update says what the previous version does', async (t) => {
  const error = 'no suitable node (scheduling constraints not satisfied on 1 node)';
  const unplaced = (others: number) =>
    explain(defect('unplaceable', [{ state: 'pending', error }], { others, update: 'updating' }), nothing);
  t.match(unplaced(1).summary, /; the previous version keeps serving$/);
  t.match(unplaced(0).summary, /; no task of the previous version runs$/);
});

t.test('L25 infrastructure is told from the recipe', async (t) => {
  t.match(explain(defect('no-address', [{ state: 'new' }]), nothing), { kind: 'no-address', cause: 'infra' });
  const tiny = { name: 'st_tiny', subnet: '10.77.0.0/30', isOwnRange: true };
  t.match(explain(defect('no-address', [{ state: 'new' }]), { ...nothing, networks: [tiny] }), {
    cause: 'recipe',
    summary: /in its network \(st_tiny, 10\.77\.0\.0\/30\): give the network a larger subnet/,
  });
  t.match(
    explain(
      defect('unplaceable', [
        { state: 'pending', error: 'no suitable node (scheduling constraints not satisfied on 1 node)' },
      ]),
      nothing,
    ),
    { cause: 'recipe' },
  );
  t.match(
    explain(
      defect('unplaceable', [
        { state: 'pending', error: 'no suitable node (insufficient resources on 1 node)' },
      ]),
      nothing,
    ),
    { cause: 'infra' },
  );
});

t.test('foreign words cannot steer a terminal, break lines or go on for ever', async (t) => {
  const { summary } = explain(defect('paused', [exited]), {
    ...nothing,
    lastLogLine: `a\u001b[31m\n${'x'.repeat(5000)}`,
  });
  t.match(summary, /exit 1: "a\\u001b\[31m xxx/);
  t.ok(summary.length < 600);
});

t.test('the time limit', async (t) => {
  t.equal(
    explainTimeout(['app: 0 of 1 running', 'db: 1 of 2 running'], 600_000),
    'not converged within 600 s: app: 0 of 1 running; db: 1 of 2 running',
  );
});

function defect(
  kind: Defect['kind'],
  failed: readonly { state: string; error?: string; exit?: number; memoryMb?: number }[],
  {
    others = 0,
    running = 0,
    update = kind === 'paused' ? 'paused' : 'none',
  }: { others?: number; running?: number; update?: string } = {},
): Defect {
  const some = (count: number) => Array.from({ length: count }, () => ({}) as EngineTask);
  const service = {
    ID: 'app',
    Version: { Index: 1 },
    Spec: { Name: 'st_app', TaskTemplate: { ContainerSpec: { Image: 'web:9' } } },
  };
  const view = {
    name: 'app',
    service,
    update,
    isUpdate: update !== 'none',
    otherRunning: some(others),
    running: some(running),
    startPeriodMs: 0,
  };
  const tasks = failed.map(({ state, error, exit = 0, memoryMb = 0 }) => ({
    Spec: {
      ContainerSpec: { Image: 'web:9' },
      Resources: { Limits: { MemoryBytes: memoryMb * 1024 * 1024 } },
    },
    Status: {
      State: state,
      Timestamp: '',
      ContainerStatus: { ExitCode: exit },
      ...(error ? { Err: error } : {}),
    },
  }));
  const all = tasks as unknown as EngineTask[];
  return { kind, view: view as unknown as Defect['view'], failed: all, all };
}
