import { isDeepStrictEqual } from 'node:util';
import type { DeployCall } from './deploy.ts';
import { eligibleNodes } from './eligible.ts';
import { type EngineNode, type EngineService, type EngineTask, shortName, type TaskSpec } from './shapes.ts';
import { type UpdateState, updateOf } from './update-state.ts';

/** All that the engine says about a stack at one moment. */
export type Sight = {
  /** The engine's clock, in milliseconds. */
  readonly now: number;
  readonly services: readonly EngineService[];
  readonly tasks: readonly EngineTask[];
  readonly nodes: readonly EngineNode[];
  /** Healthchecks that come from the image, by image; null where it has none. */
  readonly imageHealth: Readonly<Record<string, { readonly StartPeriod?: number } | null>>;
};

/** One service as the judgements see it. */
export type ServiceView = {
  readonly name: string;
  readonly service: EngineService;
  readonly update: UpdateState;
  /** Whether this call started an update: there is a previous version. */
  readonly isUpdate: boolean;
  /** Tasks that must run, or must have completed. */
  readonly wanted: number;
  /** Tasks with the spec that was sent, on nodes that are up (or on none yet), newest first. */
  readonly fresh: readonly EngineTask[];
  /** Tasks of the spec that this call sent, in the states of this call; after a rollback these are not the fresh ones. */
  readonly sent: readonly EngineTask[];
  /** Tasks of another spec than the one that was sent that run. */
  readonly otherRunning: readonly EngineTask[];
  readonly running: readonly EngineTask[];
  /** Ended with 0, the newest of their slots. */
  readonly ended: readonly EngineTask[];
  readonly isJob: boolean;
  readonly isGlobal: boolean;
  /** Whether ending with 0 is fine: jobs, and restart conditions `none` and `on-failure`. */
  readonly mayEnd: boolean;
  readonly hasHealthcheck: boolean;
  readonly startPeriodMs: number;
  readonly monitorMs: number;
};

/** How long the engine watches a new task unless it is told otherwise, in milliseconds. */
export const defaultMonitorMs = 5_000;

/** The services of a sight, sorted by name. Pure. */
export function viewServices(
  stack: string,
  sight: Sight,
  call: Pick<DeployCall, 'before' | 'startedAt'>,
): ServiceView[] {
  const down = new Set(sight.nodes.filter((node) => node.Status.State !== 'ready').map((node) => node.ID));
  const tasks = sight.tasks.filter((task) => !task.NodeID || !down.has(task.NodeID)).sort(newestFirst);
  return sight.services
    .map((service) => viewService(stack, service, tasks, sight, call))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function viewService(
  stack: string,
  service: EngineService,
  allTasks: readonly EngineTask[],
  sight: Sight,
  call: Pick<DeployCall, 'before' | 'startedAt'>,
): ServiceView {
  const name = shortName(stack, service.Spec.Name);
  const tasks = allTasks.filter((task) => task.ServiceID === service.ID);
  const fresh = tasks.filter(
    (task) => isOfSpec(task, service.Spec.TaskTemplate) && isOfIteration(task, service),
  );
  const update = updateOf(service, call.before[name], call.startedAt);
  const sent = tasks.filter((task) => fresh.includes(task) !== update.startsWith('rollback'));
  const wanted = wantedTasks(service, sight.nodes);
  const { hasHealthcheck, startPeriodMs } = healthcheckOf(service, sight.imageHealth);
  const mayEnd =
    isJob(service) ||
    ['none', 'on-failure'].includes(service.Spec.TaskTemplate.RestartPolicy?.Condition ?? 'any');
  const isLive = (task: EngineTask) => task.DesiredState === 'running' && task.Status.State === 'running';
  return {
    name,
    service,
    update: update === 'paused' && mayEnd && haveEndedWell(fresh, wanted) ? 'completed' : update,
    isUpdate: update !== 'none',
    wanted,
    fresh,
    sent: sent.filter((task) => stateSince(task) >= call.startedAt),
    otherRunning: tasks.filter((task) => !sent.includes(task) && isLive(task)),
    running: fresh.filter(isLive),
    ended: newestPerSlot(fresh).filter((task) => task.Status.State === 'complete'),
    isJob: isJob(service),
    isGlobal: (service.Spec.Mode?.Global ?? service.Spec.Mode?.GlobalJob) !== undefined,
    mayEnd,
    hasHealthcheck,
    startPeriodMs,
    monitorMs: (service.Spec.UpdateConfig?.Monitor || defaultMonitorMs * 1e6) / 1e6,
  };
}

/**
 * Swarm takes a task that ends within the monitor time for a failed one and pauses the update; a service that may end
 * has done what it was for.
 */
function haveEndedWell(fresh: readonly EngineTask[], wanted: number): boolean {
  const newest = newestPerSlot(fresh);
  return newest.length >= wanted && newest.every(({ Status }) => Status.State === 'complete');
}

/** Whether a task has this spec. The service's own copy also names the runtime, a task's does not. */
export function isOfSpec(task: EngineTask, template: TaskSpec): boolean {
  const { Runtime: _ours, ...wanted } = template;
  const { Runtime: _its, ...has } = task.Spec;
  return isDeepStrictEqual(has, wanted);
}

/** The newest task of each slot (of each node for `global`). */
export function newestPerSlot(newestTasksFirst: readonly EngineTask[]): EngineTask[] {
  const slots = new Map<string, EngineTask>();
  for (const task of newestTasksFirst) if (!slots.has(slotOf(task))) slots.set(slotOf(task), task);
  return [...slots.values()];
}

/** A task's slot: its number, or its node for `global`. The first job's slot is 0, which the engine leaves out. */
export function slotOf(task: EngineTask): string {
  return task.Slot === undefined ? `node ${task.NodeID ?? ''}` : String(task.Slot);
}

/** When the task came into its state, by the engine's clock in milliseconds. */
export function stateSince(task: EngineTask): number {
  return Date.parse(task.Status.Timestamp);
}

function isOfIteration(task: EngineTask, service: EngineService): boolean {
  if (!isJob(service)) return true;
  return (task.JobIteration?.Index ?? 0) === (service.JobStatus?.JobIteration?.Index ?? 0);
}

function isJob(service: EngineService): boolean {
  return service.Spec.Mode?.ReplicatedJob !== undefined || service.Spec.Mode?.GlobalJob !== undefined;
}

function wantedTasks(service: EngineService, nodes: readonly EngineNode[]): number {
  const mode = service.Spec.Mode;
  if (mode?.Global !== undefined || mode?.GlobalJob !== undefined)
    return eligibleNodes(nodes, service.Spec).length;
  if (mode?.ReplicatedJob !== undefined) return mode.ReplicatedJob.TotalCompletions ?? 1;
  return mode?.Replicated?.Replicas ?? 1;
}

function healthcheckOf(service: EngineService, imageHealth: Sight['imageHealth']) {
  const own = service.Spec.TaskTemplate.ContainerSpec?.Healthcheck;
  const ofImage = imageHealth[service.Spec.TaskTemplate.ContainerSpec?.Image ?? ''];
  const isOff = own?.Test?.[0] === 'NONE';
  const hasHealthcheck = !isOff && ((own?.Test?.length ?? 0) > 0 || Boolean(ofImage));
  return { hasHealthcheck, startPeriodMs: (own?.StartPeriod || ofImage?.StartPeriod || 0) / 1e6 };
}

function newestFirst(a: EngineTask, b: EngineTask): number {
  const [first, second] = [a.CreatedAt ?? a.Status.Timestamp, b.CreatedAt ?? b.Status.Timestamp];
  // Of tasks made at once none is newer; by name then, for the order in which the engine lists them says nothing.
  if (first === second) return a.ID < b.ID ? 1 : -1;
  return first < second ? 1 : -1;
}
