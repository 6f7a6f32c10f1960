import { newestPerSlot, type ServiceView, type Sight, slotOf, stateSince } from './service-view.ts';
import type { EngineTask } from './shapes.ts';

/** A task without an address for this long will not get one: giving addresses takes milliseconds (L25). */
const newForMs = 10_000;
/** A node that meets constraints does not appear by itself; resources and ports may become free. */
const unplacedForMs = { constraints: 5_000, other: 30_000 };
/** How long Swarm takes at most to put a new task in the place of an ended one. */
const replacedWithinMs = 3_000;

const terminal = new Set(['complete', 'failed', 'rejected', 'shutdown', 'remove', 'orphaned']);

/** What stands in the way of a service for good, told by its tasks; null while it may still come up. Pure. */
export function findStuck(
  view: ServiceView,
  sight: Sight,
): {
  readonly kind: 'image-missing' | 'no-address' | 'unplaceable' | 'ended';
  readonly failed: readonly EngineTask[];
} | null {
  const active = view.fresh.filter((task) => task.DesiredState !== 'shutdown');
  const age = (task: EngineTask) => sight.now - stateSince(task);

  const noAddress = active.filter((task) => task.Status.State === 'new' && age(task) >= newForMs);
  if (noAddress.length > 0) return { kind: 'no-address', failed: noAddress };

  const unplaced = active.filter((task) => isUnplaced(task) && age(task) >= patience(task));
  if (unplaced.length > 0 && !isAnyStopping(sight)) return { kind: 'unplaceable', failed: unplaced };

  // An update that Swarm will pause or roll back is Swarm's to judge, and it does so at once.
  if (view.update === 'updating' && view.service.Spec.UpdateConfig?.FailureAction !== 'continue') return null;
  if (view.update === 'rollback_started') return null;

  const imageless = view.sent.filter(
    (task) => task.Status.State === 'rejected' && isImageMissing(task.Status.Err),
  );
  if (imageless.length > 0) return { kind: 'image-missing', failed: imageless };

  const ended = newestPerSlot(view.sent).filter(
    (task) => task.Status.State === 'failed' && !hasSuccessor(view, task) && age(task) >= replacedWithinMs,
  );
  return ended.length > 0 && view.wanted > 0 && !view.isJob ? { kind: 'ended', failed: ended } : null;
}

/** `No such image`, as the engine words it for a task; a rate limit hides behind the same words (L62). */
export function isImageMissing(error: string | undefined): boolean {
  return /no such image|pull access denied|manifest (?:unknown|for .* not found)|toomanyrequests/i.test(
    error ?? '',
  );
}

function isUnplaced(task: EngineTask): boolean {
  return (
    task.Status.State === 'pending' &&
    task.DesiredState === 'running' &&
    /no suitable node/.test(task.Status.Err ?? '')
  );
}

function patience(task: EngineTask): number {
  return /constraints/.test(task.Status.Err ?? '') ? unplacedForMs.constraints : unplacedForMs.other;
}

/** A task that is being stopped may free the port or the memory that another waits for. */
function isAnyStopping(sight: Sight): boolean {
  return sight.tasks.some((task) => task.DesiredState === 'shutdown' && task.Status.State === 'running');
}

function hasSuccessor(view: ServiceView, task: EngineTask): boolean {
  return view.fresh.some((other) => slotOf(other) === slotOf(task) && !terminal.has(other.Status.State));
}
