import type { Engine } from './engine.ts';

const known = new WeakMap<Engine, string>();

/**
 * The id of the engine's own node. Asked once of each engine: `/info` starts two processes there, and convergence asks at
 * every look. A node that leaves its swarm takes every run with it.
 */
export async function thisNode(engine: Engine): Promise<string> {
  const before = known.get(engine);
  if (before !== undefined) return before;
  const { Swarm } = await engine.json<{ Swarm?: { NodeID?: string } }>('GET', '/info');
  const id = Swarm?.NodeID ?? '';
  if (id !== '') known.set(engine, id);
  return id;
}
