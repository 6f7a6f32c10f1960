import { isMap, type Service } from './compose.ts';

/** What a service of a run may take at most where its recipe sets no limit. */
export type RunLimits = {
  readonly memoryMb: number;
  /** Processes and threads. */
  readonly pids: number;
  /** Of the log of a container on the engine's disk, twice. */
  readonly logMb: number;
};

/** Enough for what recipes hold, too little to take a machine down. */
export const defaultRunLimits: RunLimits = { memoryMb: 4_096, pids: 4_096, logMb: 50 };

/**
 * A service with limits of memory, processes and log where the recipe has none (security.md, "runs see one another");
 * what the recipe sets stays. The same for each commit, so that what is unchanged stays unchanged for the engine.
 */
export function withLimits(service: Service, limits: RunLimits): Service {
  return {
    ...service,
    logging: boundedLog(service.logging, limits),
    deploy: bounded(service.deploy, limits),
  };
}

function bounded(deploy: Service['deploy'], { memoryMb, pids }: RunLimits): NonNullable<Service['deploy']> {
  const resources = isMap(deploy?.resources) ? deploy.resources : {};
  const given = isMap(resources.limits) ? resources.limits : {};
  const reserved = isMap(resources.reservations) ? bytesOf(resources.reservations.memory) : 0;
  // A reservation above its limit is an error of the engine's.
  const memory = Math.max(memoryMb * 1024 ** 2, reserved);
  return { ...deploy, resources: { ...resources, limits: { memory: String(memory), pids, ...given } } };
}

function boundedLog(logging: unknown, { logMb }: RunLimits): Readonly<Record<string, unknown>> {
  const given = isMap(logging) ? logging : {};
  const options = isMap(given.options) ? given.options : {};
  const size = { 'max-size': `${logMb}m`, 'max-file': '2' };
  return { driver: 'json-file', ...given, options: { ...size, ...options } };
}

/** As `docker stack config` prints it: a number of bytes, as text. */
function bytesOf(memory: unknown): number {
  const bytes = Number(memory);
  return Number.isFinite(bytes) ? bytes : 0;
}
