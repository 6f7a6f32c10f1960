import { emptyHistory, type History } from '@ccci/lib/swarm/history.ts';
import { judge } from '@ccci/lib/swarm/judge.ts';
import type {
  EngineNode,
  EngineService,
  EngineTask,
  ServiceSpec,
  UpdateStatus,
} from '@ccci/lib/swarm/shapes.ts';
import { describeDeployment } from '@ccci/lib/swarm/tasks.ts';
import { updateOf } from '@ccci/lib/swarm/update-state.ts';
import t from 'tap';
import { node } from './recordings.ts';

/** Restart conditions, constraints and healthchecks are part of a task's spec; the tests' tasks take them over. */
const templates = new Map<string, ServiceSpec['TaskTemplate']>();

const start = Date.parse('2026-01-01T00:00:00Z');
const iso = (second: number) => new Date(start + second * 1000).toISOString();

t.test('L31 the tasks of before do not count, nor does a version that has not risen', async (t) => {
  const before = { app: { version: 5, spec: specOf('app'), updateStartedAt: null } };
  const running = taskOf('app', 'running', -100);
  t.equal(verdict(look(0, [serviceOf('app', { version: 5 })], [running], before)), 'waiting');
  t.equal(verdict(look(0, [serviceOf('app', { version: 6 })], [running], before)), 'converged');
  t.equal(
    verdict(look(0, [serviceOf('app', { version: 6, image: 'new' })], [running], before)),
    'waiting',
    'another spec was sent',
  );
});

t.test('L32 a state that an earlier update left is not looked at', async (t) => {
  const old: UpdateStatus = { State: 'paused', StartedAt: iso(-50) };
  const before = { app: { version: 5, spec: specOf('app'), updateStartedAt: old.StartedAt! } };
  const running = taskOf('app', 'running', -100);
  t.equal(verdict(look(0, [serviceOf('app', { version: 6, update: old })], [running], before)), 'converged');
  t.equal(
    updateOf(serviceOf('app', { update: old }), before.app, 0),
    'none',
    'not even when clocks went back',
  );
  t.equal(
    updateOf(serviceOf('app', { update: old }), { ...before.app, updateStartedAt: null }, start),
    'none',
  );
  const own: UpdateStatus = { State: 'paused', StartedAt: iso(1) };
  t.equal(verdict(look(2, [serviceOf('app', { version: 6, update: own })], [running], before)), 'paused');
});

t.test(
  'held for the monitor’s time, longer for what has failed before; the next look is when it is over',
  async (t) => {
    const app = serviceOf('app', { monitorSeconds: 3 });
    t.match(look(12, [app], [taskOf('app', 'running', 10)]), { state: 'waiting', lookAt: start + 13_000 });
    t.equal(verdict(look(13, [app], [taskOf('app', 'running', 10)])), 'converged');
    const tasks = [taskOf('app', 'running', 10), taskOf('app', 'failed', 5, { exit: 1 })];
    t.match(look(13, [app], tasks), { state: 'waiting', lookAt: start + 15_000 });
  },
);

t.test('tasks on a node that is down do not count; global counts eligible nodes', async (t) => {
  const down: EngineNode = { ...node, ID: 'n2', Status: { State: 'down' } };
  const labelled: EngineNode = { ...node, ID: 'n3', Spec: { ...node.Spec, Labels: { disk: 'ssd' } } };
  const lost = { ...taskOf('app', 'running', 0), NodeID: 'n2' };
  t.equal(verdict(look(10, [serviceOf('app')], [lost], {}, [node, down])), 'waiting');
  const global = (constraints: string[]) => serviceOf('app', { mode: { Global: {} }, constraints });
  const on = (id: string) => ({ ...taskOf('app', 'running', 0), ID: id, NodeID: id, Slot: undefined });
  t.equal(
    verdict(look(10, [global([])], [on('n1')], {}, [node, down, labelled])),
    'waiting',
    'two are eligible',
  );
  t.equal(verdict(look(10, [global([])], [on('n1'), on('n3')], {}, [node, down, labelled])), 'converged');
  t.equal(
    verdict(look(10, [global(['node.labels.disk==ssd'])], [on('n3')], {}, [node, labelled])),
    'converged',
  );
  t.equal(
    verdict(look(10, [global(['node.labels.disk!=ssd'])], [on('n1')], {}, [node, labelled])),
    'converged',
  );
});

t.test('what may end, has ended', async (t) => {
  const once = (condition: string) => serviceOf('app', { condition });
  t.equal(verdict(look(1, [once('none')], [taskOf('app', 'complete', 0)])), 'converged');
  t.equal(verdict(look(1, [once('on-failure')], [taskOf('app', 'complete', 0)])), 'converged');
  t.equal(verdict(look(1, [once('any')], [taskOf('app', 'complete', 0)])), 'waiting');
  t.equal(
    verdict(look(1, [once('none')], [taskOf('app', 'failed', 0, { exit: 4 })])),
    'waiting',
    'a successor may come',
  );
  t.equal(verdict(look(4, [once('none')], [taskOf('app', 'failed', 0, { exit: 4 })])), 'ended');
  const refused = taskOf('app', 'rejected', 0, { error: 'invalid mount config' });
  t.equal(verdict(look(4, [once('none')], [refused])), 'ended', 'one that was refused');
  t.equal(
    verdict(look(4, [once('any')], [taskOf('app', 'complete', 0)])),
    'ended',
    'its attempts are used up',
  );
  const again = taskOf('app', 'ready', 0, { desired: 'ready' });
  t.equal(
    verdict(look(4, [once('any')], [taskOf('app', 'complete', 0), again])),
    'waiting',
    'there is a next',
  );
  t.equal(verdict(look(0, [serviceOf('app', { mode: { Replicated: { Replicas: 0 } } })], [])), 'converged');
  const job = serviceOf('app', { mode: { ReplicatedJob: { TotalCompletions: 2 } } });
  t.equal(verdict(look(1, [job], [taskOf('app', 'complete', 0)])), 'waiting');
  t.equal(
    verdict(look(1, [job], [taskOf('app', 'complete', 0), taskOf('app', 'complete', 0, { slot: 2 })])),
    'converged',
  );
  const failed = taskOf('app', 'failed', 0, { exit: 4 });
  t.equal(verdict(look(4, [job], [failed])), 'ended', 'a job that is not tried again');
  const next = { ...taskOf('app', 'pending', 0), NodeID: undefined, Slot: undefined };
  t.equal(verdict(look(4, [job], [failed, next])), 'waiting', 'a job that is');
});

t.test('L24 a crash loop: three times the same exit, and every other service healthy', async (t) => {
  const app = serviceOf('app');
  const three = [1, 2, 3].map((second) => taskOf('app', 'failed', second, { exit: 1 }));
  const next = taskOf('app', 'ready', 3, { desired: 'ready' });
  t.equal(verdict(look(4, [app], [...three.slice(1), next])), 'waiting', 'twice');
  t.equal(verdict(look(4, [app], [...three, next])), 'crash-loop');
  const mixed = [...three.slice(1), taskOf('app', 'failed', 3, { exit: 2 }), next];
  t.equal(verdict(look(4, [app], mixed)), 'waiting', 'not the same exit');
  const preparing = taskOf('app', 'preparing', 3);
  t.equal(verdict(look(4, [app], [...three, preparing])), 'waiting', 'the next one is being prepared');

  const db = serviceOf('db', { healthcheck: { startSeconds: 60 } });
  const starting = taskOf('db', 'starting', 0);
  t.equal(
    verdict(look(4, [app, db], [...three, next, starting])),
    'waiting',
    'its database is in its start period',
  );
  const healthy = taskOf('db', 'running', 0);
  t.equal(verdict(look(4, [app, db], [...three, next, healthy])), 'crash-loop');
  const justNow = taskOf('db', 'running', 2);
  t.equal(
    verdict(look(4, [app, db], [...three, next, justNow])),
    'waiting',
    'counted again since a service became healthy',
  );

  const plain = serviceOf('db');
  t.equal(
    verdict(look(100, [app, plain], [...three, next, healthy])),
    'waiting',
    'without healthcheck 120 s are needed',
  );
  const later = [121, 122, 123].map((second) => taskOf('app', 'failed', second, { exit: 1 }));
  t.equal(verdict(look(124, [app, plain], [...later, next, healthy])), 'crash-loop');
});

t.test('L24 failures that the engine has forgotten are remembered', async (t) => {
  const app = serviceOf('app');
  const next = taskOf('app', 'ready', 3, { desired: 'ready' });
  let history: History = emptyHistory;
  for (const second of [1, 2]) {
    history = look(
      second,
      [app],
      [taskOf('app', 'failed', second, { exit: 1 }), next],
      {},
      [node],
      history,
    ).history;
  }
  t.equal(
    verdict(look(4, [app], [taskOf('app', 'failed', 3, { exit: 1 }), next], {}, [node], history)),
    'crash-loop',
  );
});

t.test('failures of before this call do not count', async (t) => {
  const old = [-3, -2, -1].map((second) => taskOf('app', 'failed', second, { exit: 1 }));
  t.equal(
    verdict(look(4, [serviceOf('app')], [...old, taskOf('app', 'ready', 3, { desired: 'ready' })])),
    'waiting',
  );
});

t.test('L25 no address, no node: after a while, with who is to blame left to the words', async (t) => {
  const waiting = { ...taskOf('app', 'new', 0), NodeID: undefined };
  t.equal(verdict(look(9, [serviceOf('app')], [waiting])), 'waiting');
  t.equal(verdict(look(10, [serviceOf('app')], [waiting])), 'no-address');
  const unplaced = (error: string) => taskOf('app', 'pending', 0, { error: `no suitable node (${error})` });
  t.equal(
    verdict(look(5, [serviceOf('app')], [unplaced('scheduling constraints not satisfied on 1 node')])),
    'unplaceable',
  );
  t.equal(verdict(look(29, [serviceOf('app')], [unplaced('insufficient resources on 1 node')])), 'waiting');
  t.equal(
    verdict(look(30, [serviceOf('app')], [unplaced('insufficient resources on 1 node')])),
    'unplaceable',
  );
  const nowhere = serviceOf('app', { mode: { Global: {} }, constraints: ['node.labels.none==1'] });
  t.equal(verdict(look(4, [nowhere], [])), 'waiting', 'a node may still come');
  t.equal(verdict(look(5, [nowhere], [])), 'unplaceable', 'nobody to run on is no success');
  const stopping = taskOf('app', 'running', -9, { desired: 'shutdown', slot: 9 });
  const port = unplaced('host-mode port already in use on 1 node');
  t.equal(
    verdict(look(40, [serviceOf('app')], [port, stopping])),
    'waiting',
    'the one that is being stopped has the port',
  );
});

t.test('a port in host mode: who has it decides how long it is waited for', async (t) => {
  const error = 'no suitable node (host-mode port already in use on 1 node)';
  const publishes = (name: string, replicas = 1) =>
    serviceOf(name, { port: 8080, mode: { Replicated: { Replicas: replicas } } });
  const waits = taskOf('app', 'pending', 0, { error });
  const holder = taskOf('db', 'running', 0);
  const judged = (second: number, services: EngineService[], tasks: EngineTask[]) => {
    const judgement = look(second, services, tasks);
    return judgement.state === 'failed' ? [judgement.defect.kind, judgement.defect.port] : judgement.state;
  };
  const both = [publishes('app'), publishes('db')];
  t.equal(judged(4, both, [waits, holder]), 'waiting');
  t.same(judged(5, both, [waits, holder]), ['port-taken', { port: 8080, by: 'service', name: 'db' }]);
  const second = taskOf('app', 'running', 0, { slot: 2 });
  t.match(judged(5, [publishes('app', 2)], [waits, second]), ['port-taken', { by: 'replica' }]);
  const previous = taskOf('app', 'running', -60, { image: 'old' });
  t.match(judged(5, [publishes('app')], [waits, previous]), ['port-taken', { by: 'previous' }]);
  t.equal(judged(29, [publishes('app')], [waits]), 'waiting', 'a stranger may go');
  t.match(judged(30, [publishes('app')], [waits]), ['port-taken', { by: 'outside' }]);
});

t.test('L30 which commit runs: what the tasks have, not what the services say', async (t) => {
  const labelled = (name: string, ref: string, image: string) => ({
    ...specOf(name, { image }),
    Labels: { 'ccci.ref': ref },
  });
  const app = (update: string | null, spec: ServiceSpec, previous: ServiceSpec): EngineService => {
    return {
      ...serviceOf('app'),
      Spec: spec,
      PreviousSpec: previous,
      ...(update ? { UpdateStatus: { State: update, StartedAt: iso(1) } } : {}),
    };
  };
  const [old, head] = [labelled('app', 'old', 'img1'), labelled('app', 'head', 'img2')];
  const runs = (image: string) => [taskOf('app', 'running', 0, { image })];
  const db = { ...serviceOf('db'), Spec: labelled('db', 'head', 'img') };
  const dbTask = taskOf('db', 'running', 0, { image: 'img' });
  t.equal(describeDeployment('st', [app('completed', head, old)], runs('img2')).on, 'head');
  t.equal(describeDeployment('st', [app('paused', head, old)], runs('img1')).on, 'old');
  t.equal(describeDeployment('st', [app('paused', head, old), db], [...runs('img1'), dbTask]).on, 'old');
  t.equal(
    describeDeployment('st', [app('rollback_completed', old, old), db], [...runs('img1'), dbTask]).on,
    'old',
  );
  t.equal(
    describeDeployment('st', [app('rollback_started', old, old), db], [dbTask]).on,
    null,
    'what was rolled back runs nothing yet',
  );
  t.equal(describeDeployment('st', [app(null, head, old)], []).on, null, 'nothing runs');
  t.equal(
    describeDeployment('st', [app(null, old, old), db], [...runs('img1'), dbTask]).on,
    null,
    'they disagree beyond telling',
  );
});

function look(
  second: number,
  services: EngineService[],
  tasks: (EngineTask | Omit<EngineTask, 'Slot'>)[],
  before: Parameters<typeof judge>[2]['before'] = {},
  nodes: EngineNode[] = [node],
  history: History = emptyHistory,
) {
  const sight = {
    now: start + second * 1000,
    services,
    tasks: tasks as EngineTask[],
    nodes,
    imageHealth: {},
  };
  return judge('st', sight, { before, startedAt: start }, history);
}

function verdict(judgement: ReturnType<typeof judge>): string {
  return judgement.state === 'failed' ? judgement.defect.kind : judgement.state;
}

type SpecOptions = {
  readonly image?: string;
  readonly mode?: ServiceSpec['Mode'];
  readonly condition?: string;
  readonly constraints?: string[];
  readonly monitorSeconds?: number;
  readonly healthcheck?: { readonly startSeconds: number };
  readonly port?: number;
};

function specOf(
  name: string,
  {
    image = 'img',
    mode = { Replicated: { Replicas: 1 } },
    condition,
    constraints,
    monitorSeconds = 1,
    healthcheck,
    port,
  }: SpecOptions = {},
): ServiceSpec {
  const template = {
    ContainerSpec: {
      Image: image,
      ...(healthcheck
        ? { Healthcheck: { Test: ['CMD', 'true'], StartPeriod: healthcheck.startSeconds * 1e9 } }
        : {}),
    },
    ...(condition ? { RestartPolicy: { Condition: condition } } : {}),
    ...(constraints ? { Placement: { Constraints: constraints } } : {}),
  };
  templates.set(`${name} ${image}`, template);
  return {
    Name: `st_${name}`,
    TaskTemplate: { ...template, Runtime: 'container' },
    Mode: mode,
    UpdateConfig: { Monitor: monitorSeconds * 1e9 },
    ...(port === undefined
      ? {}
      : { EndpointSpec: { Ports: [{ PublishedPort: port, Protocol: 'tcp', PublishMode: 'host' }] } }),
  };
}

function serviceOf(
  name: string,
  { version = 2, update, ...options }: SpecOptions & { version?: number; update?: UpdateStatus } = {},
): EngineService {
  return { ID: name, Version: { Index: version }, Spec: specOf(name, options), UpdateStatus: update ?? null };
}

type TaskOptions = {
  readonly exit?: number;
  readonly error?: string;
  readonly slot?: number;
  readonly desired?: string;
  readonly image?: string;
};

/** A task in a state since a second, of the spec that its service was last made with. */
function taskOf(
  service: string,
  state: string,
  since: number,
  { exit = 0, error, slot = 1, desired, image = 'img' }: TaskOptions = {},
): EngineTask {
  const isOver = ['failed', 'complete', 'rejected'].includes(state);
  return {
    ID: `${service} ${slot} ${since} ${state}`,
    ServiceID: service,
    Slot: slot,
    NodeID: 'n1',
    get Spec() {
      return templates.get(`${service} ${image}`) ?? { ContainerSpec: { Image: image } };
    },
    DesiredState: desired ?? (isOver ? 'shutdown' : 'running'),
    CreatedAt: iso(since),
    Status: {
      State: state,
      Timestamp: iso(since),
      ContainerStatus: { ExitCode: exit },
      ...(error ? { Err: error } : {}),
    },
  };
}
