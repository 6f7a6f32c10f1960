import { areAlive } from '@ccci/lib/swarm/alive.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import type { ServiceView } from '@ccci/lib/swarm/service-view.ts';
import t from 'tap';

/** An engine on node `here` whose containers `up` run. */
function engineWith(up: readonly string[]): Engine {
  const json = async (_method: string, path: string) =>
    path === '/info' ? { Swarm: { NodeID: 'here' } } : up.map((Id) => ({ Id }));
  return { json } as unknown as Engine;
}

function viewWith(container: string, node: string): ServiceView {
  const task = { NodeID: node, Status: { State: 'running', ContainerStatus: { ContainerID: container } } };
  return { running: [task] } as unknown as ServiceView;
}

t.test(
  'L31 a task that the swarm still takes for running counts only while its container runs',
  async (t) => {
    const views = [viewWith('a', 'here'), viewWith('b', 'here')];
    t.equal(await areAlive(engineWith(['a', 'b']), 'st', views), true);
    t.equal(await areAlive(engineWith(['a']), 'st', views), false, 'b has ended already');
    t.equal(await areAlive(engineWith([]), 'st', [viewWith('c', 'elsewhere')]), true, 'as the swarm says');
  },
);

t.test('which node it is is asked once: the engine starts processes to answer that', async (t) => {
  const asked: string[] = [];
  const json = async (_method: string, path: string) => {
    asked.push(path);
    return path === '/info' ? { Swarm: { NodeID: 'here' } } : [{ Id: 'a' }];
  };
  const engine = { json } as unknown as Engine;
  for (const _ of [1, 2, 3]) t.equal(await areAlive(engine, 'st', [viewWith('a', 'here')]), true);
  t.equal(asked.filter((path) => path === '/info').length, 1);
});
