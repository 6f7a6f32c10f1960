import type { Brought } from './bring.ts';
import { makeSlots } from './slots.ts';

/** Keeps bringing pull requests to their state: one go at a time for each, passing failures tried again. */
export type Rounds = {
  /** There may be something to do. */
  readonly wake: (thread: string) => void;
  /** Resolves when nothing is under way or waiting for another try. */
  readonly atRest: () => Promise<void>;
  /** No further tries; resolves when what is under way has ended. */
  readonly stop: () => Promise<void>;
  /** Pull requests whose last go left something. */
  readonly left: () => readonly string[];
};

export type RoundsOptions = {
  readonly bring: (thread: string) => Promise<Pick<Brought, 'rest' | 'retryAfterMs'>>;
  /** Waits so long, or until the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Anything that is not a matter of one pull request. */
  readonly fail: (error: unknown) => void;
};

/** Pull requests at a time. */
const width = 4;
/** First pause after a passing failure, doubled each time up to the longest, in ms. */
const shortestPause = 1_000;
const longestPause = 60_000;

export function makeRounds(options: RoundsOptions): Rounds {
  const stopping = new AbortController();
  const limit = makeSlots(width);
  const dirty = new Set<string>();
  const left = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const keepAt = async (thread: string) => {
    for (let failures = 0; dirty.has(thread) && !stopping.signal.aborted; ) {
      dirty.delete(thread);
      const { rest, retryAfterMs } = await limit(() => options.bring(thread));
      if (rest === 'done') left.delete(thread);
      else left.add(thread);
      if (rest !== 'again') continue;
      dirty.add(thread);
      const ms = Math.min(longestPause, shortestPause * 2 ** failures);
      failures += 1;
      await options.pause(Math.max(ms, retryAfterMs), stopping.signal);
    }
  };
  const start = (thread: string) => {
    const work = keepAt(thread)
      .catch(options.fail)
      .finally(() => {
        running.delete(thread);
        if (dirty.has(thread) && !stopping.signal.aborted) start(thread);
      });
    running.set(thread, work);
  };
  return {
    wake: (thread) => {
      dirty.add(thread);
      if (!running.has(thread) && !stopping.signal.aborted) start(thread);
    },
    atRest: async () => {
      while (running.size > 0) await Promise.all(running.values());
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running.values());
    },
    left: () => [...left].sort(),
  };
}
