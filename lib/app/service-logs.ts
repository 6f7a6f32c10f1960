import { tailOfContainer } from '../swarm/container-log.ts';
import type { Engine } from '../swarm/engine.ts';
import { filters } from '../swarm/shapes.ts';
import type { FoundService } from './service.ts';

const serviceLabel = 'com.docker.swarm.service.name';
/** Longest answer, in characters; the oldest lines go. */
const longestAnswer = 1024 * 1024;

/** The last lines that a service wrote, those of containers that have ended before those of the present ones. */
export async function logsOfService(
  engine: Engine,
  { service }: FoundService,
  tail: number,
  signal: AbortSignal,
): Promise<string[]> {
  const query = filters({ label: [`${serviceLabel}=${service.Spec.Name}`] });
  const containers = await engine.json<{ Id: string; Created: number; State: string }[]>(
    'GET',
    `/containers/json?all=1&${query}`,
    undefined,
    { signal },
  );
  const lines: string[] = [];
  const started = containers.filter(({ State }) => State !== 'created');
  for (const { Id } of started.sort((a, b) => a.Created - b.Created))
    lines.push(...(await tailOfContainer(engine, Id, tail)));
  return keepLast(lines.slice(-tail));
}

function keepLast(lines: readonly string[]): string[] {
  let size = 0;
  const from = lines.findLastIndex((line) => {
    size += line.length + 1;
    return size > longestAnswer;
  });
  return lines.slice(from + 1);
}
