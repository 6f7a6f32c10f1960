import { stackServices } from './deploy.ts';
import { type Engine, EngineError } from './engine.ts';
import { isOfSpec, newestPerSlot } from './service-view.ts';
import { type EngineService, type EngineTask, filters, ofStack, shortName } from './shapes.ts';

/** What runs of a stack, read from the engine. */
export type Deployment = {
  /** `ccci.ref` that the *running tasks* have; null when none runs or they disagree beyond telling. */
  readonly on: string | null;
  readonly services: readonly DeployedService[];
};

export type DeployedService = {
  readonly name: string;
  readonly id: string;
  /** The image of the running tasks; of the spec while none runs. */
  readonly image: string;
  /** `ccci.ref` of the spec that the running tasks have; null while none runs. */
  readonly ref: string | null;
  /** The labels of that spec. */
  readonly labels: Readonly<Record<string, string>>;
  readonly running: number;
  readonly wanted: number;
  readonly updateState: string | null;
  /** Nothing runs, because its newest tasks have the present spec and have ended with 0. */
  readonly isDone: boolean;
};

const refLabel = 'ccci.ref';

/** Reads which commit the running tasks of a stack have: services say what was sent, tasks say what runs (L30). */
export async function readDeployment(engine: Engine, stack: string): Promise<Deployment> {
  const [services, tasks] = await Promise.all([
    stackServices(engine, stack),
    engine.json<EngineTask[]>('GET', `/tasks?${ofStack(stack)}`),
  ]);
  return describeDeployment(stack, services, tasks);
}

/** The same, from what the engine said. Pure. */
export function describeDeployment(
  stack: string,
  services: readonly EngineService[],
  tasks: readonly EngineTask[],
): Deployment {
  const described = services
    .map((service) =>
      describeService(
        stack,
        service,
        tasks.filter((task) => task.ServiceID === service.ID),
      ),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { on: commonRef(described), services: described };
}

function describeService(
  stack: string,
  service: EngineService,
  tasks: readonly EngineTask[],
): DeployedService {
  const { Spec, PreviousSpec } = service;
  const running = tasks.filter((task) => task.DesiredState === 'running' && task.Status.State === 'running');
  const isOld = running.some((task) => !isOfSpec(task, Spec.TaskTemplate));
  const isPrevious =
    isOld &&
    PreviousSpec != null &&
    running.every((task) => isOfSpec(task, PreviousSpec.TaskTemplate) || isOfSpec(task, Spec.TaskTemplate));
  const labels = (isOld ? (isPrevious ? PreviousSpec.Labels : {}) : Spec.Labels) ?? {};
  return {
    name: shortName(stack, Spec.Name),
    id: service.ID,
    image: (running[0]?.Spec ?? Spec.TaskTemplate).ContainerSpec?.Image ?? '',
    ref: running.length === 0 ? null : (labels[refLabel] ?? null),
    labels,
    running: running.length,
    wanted: Spec.Mode?.Replicated?.Replicas ?? running.length,
    updateState: service.UpdateStatus?.State ?? null,
    isDone: running.length === 0 && areDone(tasks, service),
  };
}

function areDone(tasks: readonly EngineTask[], { Spec }: EngineService): boolean {
  const newestFirst = [...tasks].sort((a, b) => ((a.CreatedAt ?? '') < (b.CreatedAt ?? '') ? 1 : -1));
  const newest = newestPerSlot(newestFirst);
  const isDone = (task: EngineTask) => task.Status.State === 'complete' && isOfSpec(task, Spec.TaskTemplate);
  return newest.length > 0 && newest.every(isDone);
}

/**
 * The ref of all; where they differ, that of the services whose update did not land: these are the ones behind. Null
 * while one of those runs nothing at all: then nobody can say what will run.
 */
function commonRef(services: readonly DeployedService[]): string | null {
  const only = (some: readonly DeployedService[]) =>
    new Set(some.map(({ ref }) => ref)).size === 1 ? some[0]!.ref : null;
  const behind = services.filter(
    ({ updateState, isDone }) =>
      !isDone && (updateState === 'paused' || updateState?.startsWith('rollback') === true),
  );
  if (behind.some(({ running, wanted }) => running === 0 && wanted > 0)) return null;
  return only(services.filter(({ running }) => running > 0)) ?? only(behind);
}

/** The containers of a service's tasks that are up, newest first; also of those that no network joins to this host. */
export async function serviceContainers(
  engine: Engine,
  stack: string,
  service: string,
): Promise<{ readonly task: string; readonly container: string }[]> {
  const query = filters({ service: [`${stack}_${service}`], 'desired-state': ['running'] });
  const tasks = await engine.json<EngineTask[]>('GET', `/tasks?${query}`).catch((error: unknown) => {
    // A service that is not there has no tasks.
    if (error instanceof EngineError && error.httpStatus === 404) return [];
    throw error;
  });
  return tasks
    .filter((task) => task.Status.State === 'running' || task.Status.State === 'starting')
    .sort((a, b) => ((a.CreatedAt ?? '') < (b.CreatedAt ?? '') ? 1 : -1))
    .flatMap((task) => {
      const container = task.Status.ContainerStatus?.ContainerID;
      return container ? [{ task: task.ID, container }] : [];
    });
}

export type TaskAddress = { readonly task: string; readonly container: string; readonly address: string };

/** The network through which every task answers its host, with or without published ports (swarm.md, Ports). */
const hostNetwork = 'docker_gwbridge';

/** Where the running tasks of a service answer from this engine's host, newest first. */
export async function taskAddresses(engine: Engine, stack: string, service: string): Promise<TaskAddress[]> {
  const [tasks, network] = await Promise.all([
    serviceContainers(engine, stack, service),
    engine.json<{ Containers?: Record<string, { IPv4Address?: string }> }>('GET', `/networks/${hostNetwork}`),
  ]);
  return tasks.flatMap((task) => {
    const address = network.Containers?.[task.container]?.IPv4Address?.split('/')[0];
    return address ? [{ ...task, address }] : [];
  });
}
