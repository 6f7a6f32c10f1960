import { type Engine, EngineError } from './engine.ts';
import { thisNode } from './info.ts';
import type { ServiceView } from './service-view.ts';

/**
 * Whether the containers of all running tasks still run. A container's end reaches the swarm's view of its task only
 * some time later, on a busy machine later than a short monitor time; so nothing has converged before this was asked.
 * Each container is asked itself: the engine's list of containers is a copy that is behind as well (measured on a busy
 * machine: the swarm's view up to a second, the list half of one, a container's own answer never). Containers on other
 * nodes cannot be seen from here and count as the swarm says.
 */
export async function areAlive(engine: Engine, views: readonly ServiceView[]): Promise<boolean> {
  const node = await thisNode(engine);
  const here = views.flatMap((view) => view.running).filter((task) => task.NodeID === node);
  const alive = await Promise.all(
    here.map((task) => isAlive(engine, task.Status.ContainerStatus?.ContainerID ?? '')),
  );
  return !alive.includes(false);
}

async function isAlive(engine: Engine, container: string): Promise<boolean> {
  if (container === '') return false;
  try {
    const { State } = await engine.json<{ State: { Running: boolean } }>(
      'GET',
      `/containers/${container}/json`,
    );
    return State.Running;
  } catch (error) {
    if (error instanceof EngineError && error.httpStatus === 404) return false;
    throw error;
  }
}
