import { areAlive } from '@ccci/lib/swarm/alive.ts';
import { type Engine, EngineError } from '@ccci/lib/swarm/engine.ts';
import type { ServiceView } from '@ccci/lib/swarm/service-view.ts';
import t from 'tap';

type Known = Readonly<Record<string, 'runs' | 'ended' | 'broken'>>;

/** An engine on node `here` that knows these containers. Its list of containers is behind: it has all of them. */
function engineWith(known: Known, asked: string[] = []): Engine {
  const json = async (method: string, path: string) => {
    asked.push(path);
    if (path === '/info') return { Swarm: { NodeID: 'here' } };
    if (path.startsWith('/containers/json')) return Object.keys(known).map((Id) => ({ Id }));
    const state = known[/^\/containers\/(.*)\/json$/.exec(path)?.[1] ?? ''];
    if (state === undefined) throw new EngineError({ method, path }, 404, 'No such container');
    if (state === 'broken') throw new EngineError({ method, path }, 500, 'no space left on device');
    return { State: { Running: state === 'runs' } };
  };
  return { json } as unknown as Engine;
}

function viewWith(container: string | undefined, node: string): ServiceView {
  const task = { NodeID: node, Status: { State: 'running', ContainerStatus: { ContainerID: container } } };
  return { running: [task] } as unknown as ServiceView;
}

t.test(
  'L31 a task that the swarm still takes for running counts only while its container runs',
  async (t) => {
    const views = [viewWith('a', 'here'), viewWith('b', 'here')];
    t.equal(await areAlive(engineWith({ a: 'runs', b: 'runs' }), views), true);
    t.equal(await areAlive(engineWith({ a: 'runs', b: 'ended' }), views), false, 'b has ended already');
    t.equal(await areAlive(engineWith({ a: 'runs' }), views), false, 'b is removed already');
    t.equal(await areAlive(engineWith({}), [viewWith('c', 'elsewhere')]), true, 'as the swarm says');
    t.equal(await areAlive(engineWith({}), [viewWith(undefined, 'here')]), false, 'a task with no container');
  },
);

t.test('an engine that cannot tell has not said that a container ended', async (t) => {
  await t.rejects(areAlive(engineWith({ a: 'broken' }), [viewWith('a', 'here')]), /no space left on device/);
});

t.test('which node it is is asked once: the engine starts processes to answer that', async (t) => {
  const asked: string[] = [];
  const engine = engineWith({ a: 'runs' }, asked);
  for (const _ of [1, 2, 3]) t.equal(await areAlive(engine, [viewWith('a', 'here')]), true);
  t.equal(asked.filter((path) => path === '/info').length, 1);
});
