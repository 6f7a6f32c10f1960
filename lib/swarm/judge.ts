import { findCrashLoop } from './crash-loop.ts';
import type { DeployCall } from './deploy.ts';
import { failuresOf, type History, remember } from './history.ts';
import type { PortHolder } from './ports.ts';
import {
  defaultMonitorMs,
  type ServiceView,
  type Sight,
  slotOf,
  stateSince,
  viewServices,
} from './service-view.ts';
import type { EngineTask } from './shapes.ts';
import { findStuck, type Surroundings } from './stuck.ts';

/** What one look at a stack says. `history` goes into the next judgement. */
export type Judgement =
  | { readonly state: 'converged'; readonly views: readonly ServiceView[]; readonly history: History }
  | {
      readonly state: 'failed';
      readonly views: readonly ServiceView[];
      readonly history: History;
      readonly defect: Defect;
    }
  | {
      readonly state: 'waiting';
      readonly views: readonly ServiceView[];
      readonly history: History;
      /** When time alone changes the judgement, by the engine's clock; null: only an event does. */
      readonly lookAt: number | null;
      /** What is waited for, a phrase for each service that is not ready. */
      readonly waitingFor: readonly string[];
    };

/** What went wrong, before it is put in words. */
export type Defect = {
  readonly kind: DefectKind;
  readonly view: ServiceView;
  /** The tasks that failed, oldest first; the last one tells why. */
  readonly failed: readonly EngineTask[];
  /** All failures of the service since the call, oldest first, also those that ended otherwise. */
  readonly all: readonly EngineTask[];
  /** With `port-taken`: who has it. */
  readonly port?: PortHolder;
};

export type DefectKind =
  | 'paused'
  | 'rolled-back'
  | 'rollback-paused'
  | 'crash-loop'
  | 'ended'
  | 'image-missing'
  | 'no-address'
  | 'unplaceable'
  | 'port-taken';

/**
 * Judges one look at a stack (swarm.md, "Converged means"; stages.md, "Converged also"). Pure.
 * Nothing but the engine's own statements counts, and of updates only those that this call started (L30, L31, L32).
 */
export function judge(
  stack: string,
  sight: Sight,
  call: Pick<DeployCall, 'before' | 'startedAt'>,
  past: History,
): Judgement {
  const views = viewServices(stack, sight, call);
  const history = remember(past, views, sight.now);
  const defect = findDefect(views, history, { sight, views, startedAt: call.startedAt });
  if (defect !== null) return { state: 'failed', views, history, defect };
  const states = views.map((view) =>
    readiness(view, call, { now: sight.now, holdMs: holdOf(view, history) }),
  );
  const waitingFor = states.flatMap((state) => (state.missing === null ? [] : [state.missing]));
  if (views.length > 0 && waitingFor.length === 0) return { state: 'converged', views, history };
  const instants = states.flatMap((state) => (state.lookAt === null ? [] : [state.lookAt]));
  return {
    state: 'waiting',
    views,
    history,
    lookAt: instants.length === 0 ? null : Math.min(...instants),
    waitingFor,
  };
}

/** The service that is not ready and has failed most often, at the end of a wait; null when none has failed. Pure. */
export function worstDefect({ views, history }: Judgement): Defect | null {
  const failing = views
    .filter((view) => view.running.length < view.wanted)
    .map((view) => ({ view, ...failedOf(view, history) }))
    .sort((a, b) => b.failed.length - a.failed.length);
  const [worst] = failing;
  return worst === undefined || worst.failed.length === 0 ? null : { kind: 'crash-loop', ...worst };
}

function findDefect(views: readonly ServiceView[], history: History, around: Surroundings): Defect | null {
  for (const view of views) {
    const kind = updateDefects[view.update];
    if (kind !== undefined) return { kind, view, ...failedOf(view, history) };
  }
  for (const view of views) {
    const stuck = findStuck(view, around);
    if (stuck !== null) return { ...stuck, view, all: failedOf(view, history).all };
  }
  const loop = findCrashLoop(views, history, around.sight.now)?.[0];
  if (loop === undefined) return null;
  const failed = loop.failures.map((failure) => failure.task);
  return { kind: 'crash-loop', view: loop.view, failed, all: failedOf(loop.view, history).all };
}

const updateDefects: Readonly<Record<string, DefectKind>> = {
  paused: 'paused',
  rollback_completed: 'rolled-back',
  rollback_paused: 'rollback-paused',
};

/** After a rollback the spec that was sent is no longer there, and its tasks are the ones that failed. */
function failedOf(view: ServiceView, history: History): Pick<Defect, 'failed' | 'all'> {
  const all = failuresOf(history, view.name).map((failure) => failure.task);
  return { failed: all, all };
}

/** Whether a service is ready and has held; else what is missing, and when to look again. */
function readiness(
  view: ServiceView,
  call: Pick<DeployCall, 'before'>,
  { now, holdMs }: { readonly now: number; readonly holdMs: number },
): { readonly missing: string | null; readonly lookAt: number | null } {
  const before = call.before[view.name];
  if (before !== undefined && view.service.Version.Index <= before.version) {
    return { missing: `${view.name}: its update has not reached the engine`, lookAt: null };
  }
  if (view.isGlobal && view.wanted === 0)
    return { missing: `${view.name}: no node is fit for it`, lookAt: null };
  const count = filledSlots(view);
  if (count < view.wanted) return { missing: `${view.name}: ${shortfall(view, count)}`, lookAt: null };
  if (view.update !== 'none' && view.update !== 'completed') {
    return { missing: `${view.name}: its update is in progress (${view.update})`, lookAt: null };
  }
  const heldAt =
    Math.max(0, ...view.running.map(stateSince)) + (view.wanted === 0 || view.isJob ? 0 : holdMs);
  if (view.running.length === 0 || heldAt <= now) return { missing: null, lookAt: null };
  return { missing: `${view.name}: running, held for ${holdMs / 1000} s to be sure`, lookAt: heldAt };
}

/** Slots with a task that runs or has ended well; two tasks of one slot, as one takes over from the other, are one. */
function filledSlots(view: ServiceView): number {
  const good = [...(view.isJob ? [] : view.running), ...(view.mayEnd ? view.ended : [])];
  return new Set(good.map(slotOf)).size;
}

/** What has failed before must prove itself for longer: a task between two crashes runs, too. */
function holdOf(view: ServiceView, history: History): number {
  return failuresOf(history, view.name).length > 0
    ? Math.max(view.monitorMs, defaultMonitorMs)
    : view.monitorMs;
}

function shortfall(view: ServiceView, count: number): string {
  const task = view.fresh.find((one) => one.DesiredState !== 'shutdown') ?? view.fresh[0];
  const state = task
    ? `, newest task ${task.Status.State}${task.Status.Err ? `: ${task.Status.Err}` : ''}`
    : ', no task yet';
  const health =
    task?.Status.State === 'starting' && view.hasHealthcheck ? ', its healthcheck has not passed yet' : '';
  return `${count} of ${view.wanted} ${view.isJob ? 'completed' : 'running'}${state}${health}`;
}
