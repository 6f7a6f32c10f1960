import { failuresOf, type History, healthySince, type TaskFailure } from './history.ts';
import { type ServiceView, stateSince } from './service-view.ts';

/** The services that loop, each with its failures, oldest first; null while one may still come up. */
export type CrashLoop = readonly { readonly view: ServiceView; readonly failures: readonly TaskFailure[] }[];

const timesUntilLoop = 3;
const preparing = new Set(['assigned', 'accepted', 'preparing']);

/**
 * A crash loop (stages.md; L24): every service is healthy or has failed three times with the same exit since the
 * last time any service became healthy, and none is pulling, preparing or in its start period. Pure.
 */
export function findCrashLoop(
  views: readonly ServiceView[],
  history: History,
  now: number,
): CrashLoop | null {
  const loops = views.map((view) => ({
    view,
    failures: sameFailures(view, history),
    healthy: healthySince(view, now) !== null,
  }));
  const looping = loops.filter(({ healthy, failures }) => !healthy && failures.length >= timesUntilLoop);
  if (looping.length === 0) return null;
  const isSettled = loops.every(({ healthy, failures }) => healthy || failures.length >= timesUntilLoop);
  if (!isSettled || views.some((view) => isPreparing(view))) return null;
  // A start period says nothing about a service that has failed three times within it: only the others' counts.
  const others = views.filter((view) => !looping.some((loop) => loop.view === view));
  return others.some((view) => isStarting(view, now)) ? null : looping;
}

/** The failures of the slot that failed most often with one and the same exit since any service became healthy. */
function sameFailures(view: ServiceView, history: History): TaskFailure[] {
  const bySlotAndExit = new Map<string, TaskFailure[]>();
  for (const failure of failuresOf(history, view.name)) {
    if (failure.at <= history.lastHealthyAt) continue;
    const key = `${failure.slot} ${failure.exit}`;
    bySlotAndExit.set(key, [...(bySlotAndExit.get(key) ?? []), failure]);
  }
  return [...bySlotAndExit.values()].sort((a, b) => b.length - a.length)[0] ?? [];
}

function isPreparing(view: ServiceView): boolean {
  return view.fresh.some((task) => task.DesiredState !== 'shutdown' && preparing.has(task.Status.State));
}

function isStarting(view: ServiceView, now: number): boolean {
  return view.fresh.some(
    (task) => task.Status.State === 'starting' && now - stateSince(task) < view.startPeriodMs,
  );
}
