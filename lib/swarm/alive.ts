import type { Engine } from './engine.ts';
import type { ServiceView } from './service-view.ts';
import { ofStack } from './shapes.ts';
import { thisNode } from './this-node.ts';

/**
 * Whether the containers of all running tasks still run. A container's end reaches the swarm's view of its task only
 * some time later, on a busy machine later than a short monitor time; so nothing has converged before this was asked.
 * Containers on other nodes cannot be seen from here and count as the swarm says.
 */
export async function areAlive(
  engine: Engine,
  stack: string,
  views: readonly ServiceView[],
): Promise<boolean> {
  const [node, containers] = await Promise.all([
    thisNode(engine),
    engine.json<{ Id: string }[]>('GET', `/containers/json?${ofStack(stack)}`),
  ]);
  const running = new Set(containers.map(({ Id }) => Id));
  return views
    .flatMap((view) => view.running)
    .filter((task) => task.NodeID === node)
    .every((task) => running.has(task.Status.ContainerStatus?.ContainerID ?? ''));
}
