import type { Engine } from './engine.ts';
import type { AddressRange } from './network-words.ts';
import type { EngineTask } from './shapes.ts';

/** What Swarm gives a network that does not ask for a range of its own, in bits. */
const defaultPrefix = 24;

/** The address ranges of a task's networks: those that are smaller than Swarm's own, else all; never an error. */
export async function readRanges(engine: Engine, task: EngineTask | undefined): Promise<AddressRange[]> {
  const ids = (task?.Spec.Networks ?? []).flatMap(({ Target }) => Target ?? []);
  const usual = await usualPrefix(engine);
  const ranges = (await Promise.all(ids.map((id) => readRange(engine, id, usual)))).flat();
  const own = ranges.filter(({ isOwnRange }) => isOwnRange);
  return own.length > 0 ? own : ranges;
}

async function readRange(engine: Engine, id: string, usual: number): Promise<AddressRange[]> {
  try {
    const { Name, IPAM } = await engine.json<{
      Name: string;
      IPAM?: { Config?: { Subnet?: string }[] | null };
    }>('GET', `/networks/${id}`);
    const subnet = IPAM?.Config?.[0]?.Subnet ?? null;
    return [{ name: Name, subnet, isOwnRange: Number(subnet?.split('/')[1] ?? 0) > usual }];
  } catch {
    return [];
  }
}

async function usualPrefix(engine: Engine): Promise<number> {
  try {
    return (await engine.json<{ SubnetSize?: number }>('GET', '/swarm')).SubnetSize || defaultPrefix;
  } catch {
    return defaultPrefix;
  }
}
