import type { Ended } from './ended.ts';

/** A longer timer of Node's fires at once. */
const longestTimerMs = 2 ** 31 - 1;

export type TimeLimit = {
  /** Aborted with the signal it was made of, or with a limit of the run's own. */
  readonly signal: AbortSignal;
  /** The run has so many seconds, counted from its start; called once the settings are known. */
  readonly start: (seconds: number) => void;
  /** Ends the run for another limit of its own. */
  readonly end: (ended: Ended) => void;
  /** Stops the time of the run for as long as this takes: pictures. */
  readonly aside: <T>(work: () => Promise<T>) => Promise<T>;
  /** Lets the timer go. */
  readonly stop: () => void;
};

/** Ends a run at `timeouts.run` (stages.md, What passes); teardown is not bounded by it. */
export function makeTimeLimit(outer: AbortSignal, now: () => number): TimeLimit {
  const startedAt = now();
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let allowed: number | undefined;
  let asideMs = 0;
  const arm = () => {
    if (allowed === undefined || limit.signal.aborted) return;
    const why = `the run took longer than ${allowed} s`;
    const ended: Ended = { verdict: 'over-time', why };
    const leftMs = Math.max(0, startedAt + allowed * 1000 + asideMs - now());
    timer = setTimeout(() => limit.abort(ended), Math.min(leftMs, longestTimerMs));
  };
  return {
    signal: AbortSignal.any([outer, limit.signal]),
    start: (seconds) => {
      allowed = seconds;
      arm();
    },
    aside: async (work) => {
      clearTimeout(timer);
      const from = now();
      try {
        return await work();
      } finally {
        asideMs += now() - from;
        arm();
      }
    },
    end: (ended) => limit.abort(ended),
    stop: () => clearTimeout(timer),
  };
}
