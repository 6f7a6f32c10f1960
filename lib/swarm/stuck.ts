import { hasFailed } from './history.ts';
import { findPortHolder, type PortHolder } from './ports.ts';
import { newestPerSlot, type ServiceView, type Sight, slotOf, stateSince } from './service-view.ts';
import { type EngineTask, hasEnded } from './shapes.ts';

/** What stands in the way of a service for good. */
export type Stuck = {
  readonly kind: 'image-missing' | 'no-address' | 'unplaceable' | 'port-taken' | 'ended';
  readonly failed: readonly EngineTask[];
  /** With `port-taken`. */
  readonly port?: PortHolder;
};

/** What a service is looked at with. */
export type Surroundings = {
  readonly sight: Sight;
  readonly views: readonly ServiceView[];
  /** The engine's clock at the call, in milliseconds. */
  readonly startedAt: number;
};

/** A task without an address for this long will not get one: giving addresses takes milliseconds (L25). */
const newForMs = 10_000;
/** A node that meets constraints does not appear by itself, nor does a service give back a port; others may. */
const hopelessForMs = 5_000;
const unplacedForMs = 30_000;
/** How long Swarm takes at most to put a new task in the place of an ended one. */
const replacedWithinMs = 3_000;

/** What stands in the way of a service for good, told by its tasks; null while it may still come up. Pure. */
export function findStuck(view: ServiceView, around: Surroundings): Stuck | null {
  const active = view.fresh.filter((task) => task.DesiredState !== 'shutdown');
  const age = (task: EngineTask) => around.sight.now - stateSince(task);

  const noAddress = active.filter((task) => task.Status.State === 'new' && age(task) >= newForMs);
  if (noAddress.length > 0) return { kind: 'no-address', failed: noAddress };

  const unplaced = findUnplaced(view, active, around);
  if (unplaced !== null) return unplaced;

  // An update that Swarm will pause or roll back is Swarm's to judge, and it does so at once.
  if (view.update === 'updating' && view.service.Spec.UpdateConfig?.FailureAction !== 'continue') return null;
  if (view.update === 'rollback_started') return null;

  const imageless = view.sent.filter(
    (task) => task.Status.State === 'rejected' && isImageMissing(task.Status.Err),
  );
  if (imageless.length > 0) return { kind: 'image-missing', failed: imageless };

  const ended = newestPerSlot(view.sent).filter(
    (task) => hasFailed(view, task) && !hasSuccessor(view, task) && age(task) >= replacedWithinMs,
  );
  return ended.length > 0 && view.wanted > 0 ? { kind: 'ended', failed: ended } : null;
}

/** `No such image`, as the engine words it for a task; a rate limit hides behind the same words (L62). */
export function isImageMissing(error: string | undefined): boolean {
  return /no such image|pull access denied|manifest (?:unknown|for .* not found)|toomanyrequests/i.test(
    error ?? '',
  );
}

function findUnplaced(
  view: ServiceView,
  active: readonly EngineTask[],
  { sight, views, startedAt }: Surroundings,
): Stuck | null {
  // Swarm makes no task at all of a global service that no node is fit for.
  if (view.isGlobal && view.wanted === 0)
    return sight.now - startedAt >= hopelessForMs ? { kind: 'unplaceable', failed: [] } : null;
  const unplaced = active.filter(isUnplaced);
  if (unplaced.length === 0 || isAnyStopping(sight)) return null;
  const older = (ms: number) => unplaced.filter((task) => sight.now - stateSince(task) >= ms);
  const found = (failed: readonly EngineTask[], port?: PortHolder): Stuck | null => {
    if (failed.length === 0) return null;
    return port === undefined ? { kind: 'unplaceable', failed } : { kind: 'port-taken', failed, port };
  };
  const says = (words: string) => unplaced.some((task) => task.Status.Err?.includes(words));
  if (says('port already in use')) {
    const port = findPortHolder(view, views);
    return found(older(port.by === 'outside' ? unplacedForMs : hopelessForMs), port);
  }
  return found(older(says('constraints') ? hopelessForMs : unplacedForMs));
}

function isUnplaced(task: EngineTask): boolean {
  return (
    task.Status.State === 'pending' &&
    task.DesiredState === 'running' &&
    /no suitable node/.test(task.Status.Err ?? '')
  );
}

/** A task that is being stopped may free the port or the memory that another waits for. */
function isAnyStopping(sight: Sight): boolean {
  return sight.tasks.some((task) => task.DesiredState === 'shutdown' && task.Status.State === 'running');
}

/** The engine leaves out the slot of a job's first task, so of a job any task that lives may be the next. */
function hasSuccessor(view: ServiceView, task: EngineTask): boolean {
  const isNext = (other: EngineTask) => view.isJob || slotOf(other) === slotOf(task);
  return view.fresh.some((other) => isNext(other) && !hasEnded(other));
}
