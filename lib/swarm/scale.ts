import { exitStatus, Failure } from '../program/failure.ts';
import { throwIfStopped } from '../program/stopped.ts';
import { stackServices } from './deploy.ts';
import { type Engine, EngineError } from './engine.ts';
import { type EngineService, filters, ofStack, type ServiceSpec } from './shapes.ts';
import { openWakes } from './wakes.ts';

export type StopOptions = {
  readonly stack: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

/** A stopped stack: its services are there, none of their containers runs. */
export type StoppedStack = {
  /** Starts the same number of tasks again; whether they come up is for `waitConverged` to judge. */
  readonly start: () => Promise<void>;
};

/** Sets the number of replicas of one service (full name or id); everything else of it stays. */
export async function scaleService(engine: Engine, service: string, replicas: number): Promise<void> {
  await updateSpec(engine, service, (spec) => ({ ...spec, Mode: { Replicated: { Replicas: replicas } } }));
}

/**
 * Stops all services of a stack and waits until none of its containers runs. Global services are kept off every
 * node by a constraint that none meets; jobs are left as they are. `Failure` `not-stopped` (69) after `timeoutMs`.
 */
export async function stopStack(
  engine: Engine,
  { stack, timeoutMs, signal }: StopOptions,
): Promise<StoppedStack> {
  const services = (await stackServices(engine, stack)).filter(
    ({ Spec }) => Spec.Mode?.Replicated ?? Spec.Mode?.Global,
  );
  const isRelevant = () => true;
  const wakes = await openWakes(engine, { types: ['container'], isRelevant, signal });
  try {
    await Promise.all(services.map((service) => updateSpec(engine, service.ID, stopped)));
    const deadline = performance.now() + timeoutMs;
    while ((await runningContainers(engine, stack)) > 0) {
      throwIfStopped(signal, `stopping the stack ${stack}`);
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) {
        throw new Failure(
          exitStatus.unavailable,
          'not-stopped',
          `the containers of ${stack} still run ${timeoutMs / 1000} s after they were told to stop`,
        );
      }
      await wakes.next(Math.min(1_000, leftMs));
    }
  } finally {
    wakes.close();
  }
  return { start: () => startAgain(engine, services) };
}

async function startAgain(engine: Engine, services: readonly EngineService[]): Promise<void> {
  await Promise.all(services.map(({ ID, Spec }) => updateSpec(engine, ID, () => Spec)));
}

function stopped(spec: ServiceSpec): ServiceSpec {
  if (spec.Mode?.Replicated) return { ...spec, Mode: { Replicated: { Replicas: 0 } } };
  const { Placement = {} } = spec.TaskTemplate;
  const Constraints = [...(Placement.Constraints ?? []), 'node.id == stopped-by-ccci'];
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, Placement: { ...Placement, Constraints } } };
}

/** Changes a service's spec; tries again when somebody (Swarm itself) has changed it in between. */
async function updateSpec(
  engine: Engine,
  service: string,
  change: (spec: ServiceSpec) => ServiceSpec,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { ID, Version, Spec } = await engine.json<EngineService>(
      'GET',
      `/services/${encodeURIComponent(service)}`,
    );
    try {
      await engine.json('POST', `/services/${ID}/update?version=${Version.Index}`, change(Spec));
      return;
    } catch (error) {
      if (attempt === 5 || !(error instanceof EngineError) || !/out of sequence/.test(error.words))
        throw error;
    }
  }
}

async function runningContainers(engine: Engine, stack: string): Promise<number> {
  const containers = await engine.json<{ State: string }[]>('GET', `/containers/json?${ofStack(stack)}`);
  const tasks = await engine.json<{ Status: { State: string } }[]>(
    'GET',
    `/tasks?${filters({ label: [`com.docker.stack.namespace=${stack}`], 'desired-state': ['running'] })}`,
  );
  return containers.length + tasks.filter(({ Status }) => Status.State === 'running').length;
}
