import type { Engine } from '../swarm/engine.ts';
import { type ContainerSpec, type EngineTask, filters } from '../swarm/shapes.ts';
import type { FoundService } from './service.ts';

/**
 * What a test may know of a service. Of its environment only the names: values are often passwords, and a test that
 * needs one asks for it in the container, by exec.
 */
export async function inspectService(
  engine: Engine,
  { stack, name, service }: FoundService,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const { Spec, UpdateStatus } = service;
  const container = (Spec.TaskTemplate.ContainerSpec ?? { Image: '' }) as ContainerSpec & More;
  const query = filters({ service: [service.ID] });
  const tasks = await engine.json<EngineTask[]>('GET', `/tasks?${query}`, undefined, { signal });
  return {
    name,
    stack,
    image: container.Image,
    labels: Spec.Labels ?? {},
    command: container.Command ?? null,
    args: container.Args ?? null,
    environment: (container.Env ?? []).map((entry) => entry.split('=')[0]).sort(),
    healthcheck: container.Healthcheck?.Test ?? null,
    mounts: (container.Mounts ?? []).map(({ Type, Source, Target }) => ({
      type: Type,
      source: Source ?? null,
      target: Target,
    })),
    secrets: (container.Secrets ?? []).map(({ SecretName }) => SecretName),
    configs: (container.Configs ?? []).map(({ ConfigName }) => ConfigName),
    replicas: Spec.Mode?.Replicated?.Replicas ?? null,
    update: UpdateStatus?.State ?? null,
    tasks: tasks.sort(newestFirst).map(describeTask),
  };
}

/** What the list of services says of each. Pure. */
export function describeService({ stack, name, service }: FoundService): Record<string, unknown> {
  return { name, stack, image: service.Spec.TaskTemplate.ContainerSpec?.Image ?? null };
}

type More = {
  readonly Command?: readonly string[];
  readonly Args?: readonly string[];
  readonly Env?: readonly string[];
  readonly Mounts?: readonly { readonly Type: string; readonly Source?: string; readonly Target: string }[];
  readonly Secrets?: readonly { readonly SecretName: string }[];
  readonly Configs?: readonly { readonly ConfigName: string }[];
};

function describeTask({ ID, Slot, DesiredState, Status }: EngineTask) {
  return {
    id: ID,
    slot: Slot ?? null,
    state: Status.State,
    desired: DesiredState,
    since: Status.Timestamp,
    error: Status.Err ?? null,
    exitCode: Status.ContainerStatus?.ExitCode ?? null,
    container: Status.ContainerStatus?.ContainerID ?? null,
  };
}

function newestFirst(a: EngineTask, b: EngineTask): number {
  return (a.CreatedAt ?? '') < (b.CreatedAt ?? '') ? 1 : -1;
}
