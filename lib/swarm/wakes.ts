import { finished } from 'node:stream/promises';
import type { Engine } from './engine.ts';
import { type EngineEvent, filters } from './shapes.ts';
import { linesOf } from './stream-lines.ts';

/** Wakes a watcher when something may have changed. */
export type Wakes = {
  /** Resolves at the next event that matters, at one of the looks after it, or after `maxMs`. */
  readonly next: (maxMs: number) => Promise<void>;
  readonly close: () => void;
};

export type WakeOptions = {
  /** Event types to ask for, such as `service` and `container`. */
  readonly types: readonly string[];
  readonly isRelevant: (event: EngineEvent) => boolean;
  readonly signal?: AbortSignal | undefined;
};

/** Tasks have no events: what an event announces is true of its task a little later (swarm.md, Events). */
const looksAfterMs = [0, 25, 50, 80, 120, 170, 230, 300, 400];
const reconnectMs = 500;

/**
 * Listens to the engine's events. Resolves once the stream is open, so that a look taken then misses nothing after
 * it. A stream that breaks is opened again; until then only `maxMs` wakes.
 */
export async function openWakes(engine: Engine, options: WakeOptions): Promise<Wakes> {
  const controller = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, controller.signal]) : controller.signal;
  let looks: number[] = [];
  let wake: (() => void) | null = null;
  const onEvent = () => {
    const now = performance.now();
    looks = [...looks.filter((at) => at > now), ...looksAfterMs.map((ms) => now + ms)].sort((a, b) => a - b);
    wake?.();
  };
  signal.addEventListener('abort', () => wake?.(), { once: true });
  await listen(engine, { ...options, signal }, onEvent);
  const next = async (maxMs: number): Promise<void> => {
    const until = performance.now() + Math.max(0, maxMs);
    while (!signal.aborted) {
      const now = performance.now();
      const at = Math.min(looks[0] ?? Number.POSITIVE_INFINITY, until);
      if (at <= now) break;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, at - now);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wake = null;
    }
    const now = performance.now();
    looks = looks.filter((at) => at > now);
  };
  return { next, close: () => controller.abort() };
}

async function listen(
  engine: Engine,
  options: WakeOptions & { signal: AbortSignal },
  onEvent: () => void,
): Promise<void> {
  const { types, isRelevant, signal } = options;
  const again = () => {
    if (signal.aborted) return;
    setTimeout(() => listen(engine, options, onEvent).catch(again), reconnectMs).unref();
  };
  const stream = await engine.stream('GET', `/events?${filters({ type: types })}`, undefined, { signal });
  const lines = linesOf(stream);
  lines.on('data', (line: string) => {
    const event = parseEvent(line);
    if (event !== null && isRelevant(event)) onEvent();
  });
  const end = () => {
    onEvent();
    again();
  };
  finished(stream).then(end, end);
}

/** One line of the event stream; null for what is no event. */
export function parseEvent(line: string): EngineEvent | null {
  try {
    const event = JSON.parse(line) as EngineEvent;
    return typeof event?.Action === 'string' && event.Actor ? event : null;
  } catch {
    return null;
  }
}
