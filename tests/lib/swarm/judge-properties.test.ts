import { emptyHistory } from '@ccci/lib/swarm/history.ts';
import { type Judgement, judge } from '@ccci/lib/swarm/judge.ts';
import type { Sight } from '@ccci/lib/swarm/service-view.ts';
import type { EngineNode, EngineService, EngineTask } from '@ccci/lib/swarm/shapes.ts';
import fc from 'fast-check';
import t from 'tap';

const start = Date.parse('2026-01-01T00:00:00Z');
const nodes = ['n1', 'n2', 'n3'];
const call = {
  startedAt: start,
  before: { b: { version: 5, spec: { Name: 'st_b', TaskTemplate: {} }, updateStartedAt: null } },
};

const isFull = process.env.CCCI_SCALE === 'full';
const runs = { numRuns: isFull ? 50_000 : 2_000 };

t.test('L30 L31 never converged while a task of the spec that was sent is missing', async (t) => {
  fc.assert(
    fc.property(scenes(), (scene) => {
      if (judgeAll(scene).state !== 'converged') return;
      for (const service of scene.services) {
        const has = countGood(service, scene);
        if (has < wanted(service, scene)) throw new Error(`${service.ID} has ${has} good tasks`);
        const state = service.UpdateStatus?.State ?? 'completed';
        // Swarm pauses the update of a service that ends within the monitor time, however well it ended.
        if (state === 'paused' && service.Spec.TaskTemplate.RestartPolicy?.Condition !== 'any') continue;
        if (isOfThisCall(service) && state !== 'completed') throw new Error(`${service.ID} is ${state}`);
      }
    }),
    runs,
  );
  t.pass(`${runs.numRuns} scenes`);
});

t.test('the order in which the engine lists things says nothing', async (t) => {
  fc.assert(
    fc.property(
      scenes().chain((scene) =>
        fc.tuple(
          fc.constant(scene),
          fc.shuffledSubarray(scene.tasks as EngineTask[], { minLength: scene.tasks.length }),
          fc.shuffledSubarray(scene.services as EngineService[], { minLength: scene.services.length }),
        ),
      ),
      ([scene, tasks, services]) => {
        const [one, other] = [judgeAll(scene), judgeAll({ ...scene, tasks, services })].map(essence);
        if (one !== other) throw new Error(`${one}\n${other}`);
      },
    ),
    runs,
  );
  t.pass(`${runs.numRuns} scenes`);
});

t.test('a verdict stays: the same sight a moment later is no success where it was a failure', async (t) => {
  fc.assert(
    fc.property(scenes(), fc.integer({ min: 1, max: 60_000 }), (scene, laterMs) => {
      const first = judgeAll(scene);
      if (first.state !== 'failed') return;
      const later = judge('st', { ...scene, now: scene.now + laterMs }, call, first.history);
      if (later.state === 'converged') throw new Error(`${first.defect.kind}, then converged`);
    }),
    runs,
  );
  t.pass(`${runs.numRuns} scenes`);
});

type Scene = Sight;

function judgeAll(scene: Scene): Judgement {
  return judge('st', scene, call, emptyHistory);
}

function essence(judgement: Judgement): string {
  const views = judgement.views.map(({ name, update, running, ended }) => [
    name,
    update,
    running.map(({ ID }) => ID),
    ended.map(({ ID }) => ID),
  ]);
  if (judgement.state === 'waiting') return JSON.stringify([views, judgement.waitingFor, judgement.lookAt]);
  if (judgement.state === 'converged') return JSON.stringify([views]);
  const { kind, view, failed } = judgement.defect;
  return JSON.stringify([views, kind, view.name, failed.map(({ ID }) => ID)]);
}

/** Counted without the judge's own means. */
function countGood(service: EngineService, { tasks, nodes: all }: Scene): number {
  const up = new Set(all.filter((node) => node.Status.State === 'ready').map((node) => node.ID));
  const image = service.Spec.TaskTemplate.ContainerSpec!.Image;
  const condition = service.Spec.TaskTemplate.RestartPolicy!.Condition;
  const own = tasks.filter(
    (task) =>
      task.ServiceID === service.ID &&
      task.Spec.ContainerSpec!.Image === image &&
      up.has(task.NodeID ?? 'none'),
  );
  const isLive = (task: EngineTask) => task.DesiredState === 'running' && task.Status.State === 'running';
  const mayEnd = condition !== 'any';
  const good = own.filter((task) => isLive(task) || (mayEnd && task.Status.State === 'complete'));
  return new Set(good.map((task) => task.Slot ?? task.NodeID)).size;
}

function wanted(service: EngineService, { nodes: all }: Scene): number {
  if (service.Spec.Mode?.Global === undefined) return service.Spec.Mode!.Replicated!.Replicas!;
  const eligible = all.filter((node) => node.Status.State === 'ready' && node.Spec.Availability === 'active');
  return Math.max(1, eligible.length);
}

function isOfThisCall({ ID, UpdateStatus }: EngineService): boolean {
  return ID === 'b' && Date.parse(UpdateStatus?.StartedAt ?? '') >= start;
}

/** Two services, `a` new and `b` updated, with tasks in any state on nodes in any state. */
function scenes(): fc.Arbitrary<Scene> {
  return fc
    .record({
      services: fc.tuple(services('a'), services('b')),
      tasks: fc.array(tasks(), { maxLength: 10 }),
      nodes: fc.tuple(...nodes.map(nodesOf)),
      now: fc.integer({ min: 0, max: 200_000 }),
    })
    .map(({ services: both, tasks: some, nodes: all, now }) => ({
      now: start + now,
      services: both,
      tasks: some.map((make, index) => make(both, index)),
      nodes: all,
      imageHealth: {},
    }));
}

function services(name: string): fc.Arbitrary<EngineService> {
  const mode = fc.oneof(
    fc.integer({ min: 0, max: 3 }).map((Replicas) => ({ Replicated: { Replicas } })),
    fc.constant({ Global: {} }),
  );
  const states = [
    'updating',
    'completed',
    'paused',
    'rollback_started',
    'rollback_completed',
    'rollback_paused',
  ];
  return fc
    .record({
      mode,
      condition: fc.constantFrom('any', 'on-failure', 'none'),
      action: fc.constantFrom('pause', 'continue', 'rollback'),
      monitor: fc.constantFrom(0, 1e9, 20e9),
      version: fc.integer({ min: 4, max: 7 }),
      update: fc.option(
        fc.record({ state: fc.constantFrom(...states), at: fc.integer({ min: -50_000, max: 50_000 }) }),
      ),
    })
    .map(({ mode: Mode, condition, action, monitor, version, update }) => ({
      ID: name,
      Version: { Index: version },
      Spec: {
        Name: `st_${name}`,
        TaskTemplate: template('new', condition),
        Mode,
        UpdateConfig: { Monitor: monitor, FailureAction: action },
      },
      UpdateStatus: update === null ? null : { State: update.state, StartedAt: iso(update.at) },
    }));
}

type MakeTask = (services: readonly EngineService[], index: number) => EngineTask;

function tasks(): fc.Arbitrary<MakeTask> {
  return fc
    .record({
      of: fc.constantFrom(0, 1),
      slot: fc.integer({ min: 1, max: 3 }),
      node: fc.constantFrom(...nodes, undefined),
      image: fc.constantFrom('new', 'new', 'old'),
      desired: fc.constantFrom('running', 'running', 'shutdown', 'ready'),
      state: fc.constantFrom(
        ...[
          'new',
          'pending',
          'preparing',
          'starting',
          'running',
          'running',
          'complete',
          'failed',
          'rejected',
        ],
      ),
      // Few instants, so that tasks of one instant are common.
      at: fc.constantFrom(-10_000, 0, 1_000, 1_000, 2_000, 30_000),
      exit: fc.constantFrom(0, 1, 137),
      error: fc.constantFrom(
        undefined,
        'no suitable node (host-mode port already in use)',
        'No such image: x',
      ),
    })
    .map(({ of, slot, node, image, desired, state, at, exit, error }) => (both, index) => {
      const service = both[of]!;
      return {
        ID: `t${index}`,
        ServiceID: service.ID,
        Spec: template(image, service.Spec.TaskTemplate.RestartPolicy!.Condition!),
        DesiredState: desired,
        CreatedAt: iso(at),
        ...(service.Spec.Mode?.Global === undefined ? { Slot: slot } : {}),
        // What has been started is somewhere.
        ...(node === undefined && ['new', 'pending'].includes(state) ? {} : { NodeID: node ?? 'n1' }),
        Status: {
          State: state,
          Timestamp: iso(at),
          ContainerStatus: { ExitCode: exit },
          ...(error === undefined ? {} : { Err: error }),
        },
      };
    });
}

function nodesOf(ID: string): fc.Arbitrary<EngineNode> {
  return fc
    .record({
      state: fc.constantFrom('ready', 'ready', 'down'),
      availability: fc.constantFrom('active', 'active', 'drain'),
    })
    .map(({ state, availability }) => ({
      ID,
      Spec: { Availability: availability, Role: 'manager' },
      Status: { State: state },
    }));
}

function template(image: string, condition: string) {
  return { ContainerSpec: { Image: image }, RestartPolicy: { Condition: condition } };
}

function iso(ms: number): string {
  return new Date(start + ms).toISOString();
}
