import type { Engine } from './engine.ts';
import { followContainer } from './follow-container.ts';
import { filters, namespaceLabel, ofStack, shortName } from './shapes.ts';
import { linesOf } from './stream-lines.ts';
import { parseEvent } from './wakes.ts';

export type LogOptions = {
  readonly stack: string;
  /** Called with lines by compose name of the service; what it returns is waited for before more is read. */
  readonly onLines: (service: string, lines: readonly string[]) => Promise<void> | null;
  readonly signal: AbortSignal;
};

export type Logs = {
  /** Resolves after the signal, when all that was under way has been read. */
  readonly done: Promise<void>;
  /** The last line that is not blank; null while there is none. */
  readonly last: (service: string) => string | null;
};

const serviceLabel = 'com.docker.swarm.service.name';
const reconnectMs = 500;

/**
 * Follows the logs of every container of a stack, those that are there and those that come, each from its beginning:
 * what a container wrote before it died at once is there too. Containers of other nodes are not seen by this engine.
 */
export function followLogs(engine: Engine, { stack, onLines, signal }: LogOptions): Logs {
  const lastLines = new Map<string, string>();
  const seen = new Set<string>();
  const running = new Set<Promise<void>>();
  const follow = (container: string, fullName: string | undefined) => {
    if (seen.has(container) || fullName === undefined) return;
    seen.add(container);
    const service = shortName(stack, fullName);
    const reading = followOne(engine, container, signal, (lines) => {
      const last = lines.findLast((line) => line.trim() !== '');
      if (last !== undefined) lastLines.set(service, last);
      return onLines(service, lines);
    }).finally(() => running.delete(reading));
    running.add(reading);
  };
  const done = listenForContainers(engine, stack, signal, follow).then(async () => {
    await Promise.all(running);
  });
  return { done, last: (service) => lastLines.get(service) ?? null };
}

type Follow = (container: string, fullName: string | undefined) => void;

async function listenForContainers(
  engine: Engine,
  stack: string,
  signal: AbortSignal,
  follow: Follow,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await listenOnce(engine, stack, signal, follow);
    } catch {
      // The stream broke (or the signal came): opened again until the signal.
    }
    if (!signal.aborted) await pause(reconnectMs, signal);
  }
}

async function listenOnce(engine: Engine, stack: string, signal: AbortSignal, follow: Follow): Promise<void> {
  const query = filters({ type: ['container'], event: ['start'], label: [`${namespaceLabel}=${stack}`] });
  const stream = await engine.stream('GET', `/events?${query}`, undefined, { signal });
  const there = await engine.json<{ Id: string; State: string; Labels: Record<string, string> }[]>(
    'GET',
    `/containers/json?all=1&${ofStack(stack)}`,
    undefined,
    { signal },
  );
  for (const { Id, State, Labels } of there) if (State !== 'created') follow(Id, Labels[serviceLabel]);
  for await (const line of linesOf(stream)) {
    const event = parseEvent(line);
    if (event !== null) follow(event.Actor.ID, event.Actor.Attributes[serviceLabel]);
  }
}

async function followOne(
  engine: Engine,
  container: string,
  signal: AbortSignal,
  onLines: (lines: readonly string[]) => Promise<void> | null,
): Promise<void> {
  try {
    for await (const lines of followContainer(engine, container, signal)) {
      const full = onLines(lines);
      if (full !== null) await full;
    }
  } catch {
    // The container or its log is gone, or the signal came: what was read has been told.
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
