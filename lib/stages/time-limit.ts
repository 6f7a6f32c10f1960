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
  /** Lets the timer go. */
  readonly stop: () => void;
};

/** Ends a run at `timeouts.run` (stages.md, What passes); teardown is not bounded by it. */
export function makeTimeLimit(outer: AbortSignal, now: () => number): TimeLimit {
  const startedAt = now();
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: AbortSignal.any([outer, limit.signal]),
    start: (seconds) => {
      const why = `the run took longer than ${seconds} s`;
      const ended: Ended = { verdict: 'over-time', why };
      const leftMs = Math.max(0, startedAt + seconds * 1000 - now());
      timer = setTimeout(() => limit.abort(ended), Math.min(leftMs, longestTimerMs));
    },
    end: (ended) => limit.abort(ended),
    stop: () => clearTimeout(timer),
  };
}
