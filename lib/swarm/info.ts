import type { Engine } from './engine.ts';

/** What is used of an engine's `/info`. */
export type EngineInfo = {
  /** The machine's name. */
  readonly Name?: string;
  readonly DockerRootDir?: string;
  readonly Swarm?: {
    readonly LocalNodeState?: string;
    readonly ControlAvailable?: boolean;
    readonly NodeID?: string;
  };
};

const known = new WeakMap<Engine, EngineInfo>();

/** Asks the engine what it is now. */
export async function readInfo(engine: Engine): Promise<EngineInfo> {
  const info = await engine.json<EngineInfo>('GET', '/info');
  // While it is no member yet, it has no node, and may have one at the next question.
  if (info.Swarm?.NodeID) known.set(engine, info);
  return info;
}

/**
 * What the engine last said it is; for what stays: its machine, its disk, its node. `/info` starts two processes there,
 * and convergence asks at every look. A node that leaves its swarm takes every run with it.
 */
export async function knownInfo(engine: Engine): Promise<EngineInfo> {
  return known.get(engine) ?? readInfo(engine);
}

/** The id of the engine's own node; empty where it is no member of a swarm. */
export async function thisNode(engine: Engine): Promise<string> {
  return (await knownInfo(engine)).Swarm?.NodeID ?? '';
}
