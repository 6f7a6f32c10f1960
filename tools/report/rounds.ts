import type { Brought } from './bring.ts';
import { makeSlots } from './slots.ts';

/** Keeps bringing pull requests to their state: one go at a time for each, passing failures tried again. */
export type Rounds = {
  /** There may be something to do; `isUrgent`: somebody has just asked, and goes first. */
  readonly wake: (thread: string, isUrgent?: boolean) => void;
  /** Threads of which something runs; with `waiting` those that wait in the queue too. */
  readonly going: (withWaiting: boolean) => readonly string[];
  /** Resolves when nothing is under way or waiting for another try; an edit that waits for its time is no matter. */
  readonly atRest: () => Promise<void>;
  /** No further tries; resolves when what is under way has ended. */
  readonly stop: () => Promise<void>;
  /** Pull requests whose last go left something. */
  readonly left: () => readonly string[];
};

export type RoundsOptions = {
  readonly bring: (thread: string) => Promise<Omit<Brought, 'posted'>>;
  /** Waits so long, or until the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Anything that is not a matter of one pull request. */
  readonly fail: (error: unknown) => void;
  /** Called when a go is to be made again after a passing failure. */
  readonly onRetry?: (() => void) | undefined;
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
  const urgent = new Set<string>();
  const due = new Set<string>();
  const left = new Set<string>();
  const goings = new Map<string, NonNullable<Brought['going']>>();
  const running = new Map<string, Promise<void>>();
  const keepAt = async (thread: string) => {
    for (let failures = 0; dirty.has(thread) && !stopping.signal.aborted; ) {
      const work = () => {
        // Only now: what happened while it waited for its turn is seen too.
        dirty.delete(thread);
        return options.bring(thread);
      };
      const { rest, retryAfterMs, dueMs, going } = await limit(work, urgent.delete(thread));
      if (rest === 'done') left.delete(thread);
      else left.add(thread);
      if (going === null) goings.delete(thread);
      else goings.set(thread, going);
      if (dueMs !== null) void wakeLater(thread, dueMs);
      if (rest !== 'again') continue;
      options.onRetry?.();
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
  const wake = (thread: string, isUrgent = false) => {
    dirty.add(thread);
    if (isUrgent) urgent.add(thread);
    if (!running.has(thread) && !stopping.signal.aborted) start(thread);
  };
  const wakeLater = async (thread: string, ms: number) => {
    if (due.has(thread)) return;
    due.add(thread);
    await options.pause(ms, stopping.signal);
    due.delete(thread);
    if (!stopping.signal.aborted) wake(thread);
  };
  return {
    wake,
    going: (withWaiting) =>
      [...goings].flatMap(([thread, going]) => (withWaiting || going === 'running' ? [thread] : [])),
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
