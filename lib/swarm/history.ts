import { type ServiceView, slotOf, stateSince } from './service-view.ts';
import type { EngineTask } from './shapes.ts';

/** What the engine forgets (it keeps five tasks for each slot) and the rule of the crash loop needs. */
export type History = {
  /** When a service last became healthy, by the engine's clock; 0: never. */
  readonly lastHealthyAt: number;
  /** Failed tasks of this deployment, by task. */
  readonly failures: Readonly<Record<string, TaskFailure>>;
};

export type TaskFailure = {
  readonly service: string;
  readonly slot: string;
  /** Equal for equal ends: the exit code, or the engine's error where there was none. */
  readonly exit: string;
  readonly at: number;
  readonly task: EngineTask;
};

export const emptyHistory: History = { lastHealthyAt: 0, failures: {} };

/** Without a healthcheck, this long after its start a service counts as healthy (for the crash loop only), in milliseconds. */
export const provenAfterMs = 120_000;

/** Adds what a look shows to what is known. Pure. */
export function remember(history: History, views: readonly ServiceView[], now: number): History {
  const failures = { ...history.failures };
  for (const view of views) {
    for (const task of view.sent) if (hasFailed(view, task)) failures[task.ID] = failureOf(view, task);
  }
  const healthyAt = views.map((view) => healthySince(view, now) ?? 0);
  return { lastHealthyAt: Math.max(history.lastHealthyAt, ...healthyAt), failures };
}

/** When all wanted tasks of a service had become healthy; null while they are not. */
export function healthySince(view: ServiceView, now: number): number | null {
  const provenMs = view.hasHealthcheck ? 0 : provenAfterMs;
  const since = [
    ...view.running.map((task) => stateSince(task) + provenMs),
    ...(view.mayEnd ? view.ended.map(stateSince) : []),
  ].filter((at) => at <= now);
  return since.length >= view.wanted ? Math.max(0, ...since) : null;
}

/** All failures of a service, oldest first. */
export function failuresOf(history: History, service: string): TaskFailure[] {
  return Object.values(history.failures)
    .filter((failure) => failure.service === service)
    .sort(oldestFirst);
}

/** Of two failures at one instant neither is older; by name then, so that the order of lists says nothing. */
export function oldestFirst(a: TaskFailure, b: TaskFailure): number {
  return a.at - b.at || (a.task.ID < b.task.ID ? -1 : 1);
}

/** Whether a task ended as it must not. */
export function hasFailed(view: Pick<ServiceView, 'mayEnd'>, task: EngineTask): boolean {
  const { State } = task.Status;
  return State === 'failed' || State === 'rejected' || (State === 'complete' && !view.mayEnd);
}

function failureOf(view: ServiceView, task: EngineTask): TaskFailure {
  const { State, Err = '', ContainerStatus } = task.Status;
  const code = ContainerStatus?.ExitCode ?? 0;
  const exit =
    State === 'complete' || code !== 0
      ? `exit ${code}`
      : Err.replace(/\b[0-9a-z]{25}\b|\b[0-9a-f]{12,64}\b/g, '…');
  return { service: view.name, slot: slotOf(task), exit, at: stateSince(task), task };
}
