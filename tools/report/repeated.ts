import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import type { Outcome } from '@ccci/lib/program/outcome.ts';

/** Work that is tried until nothing of it is owed, never twice at a time. */
export type Repeated = {
  /** Tries, unless it is being tried. */
  readonly now: () => void;
  /** The same, but leaves what failed to its own time. */
  readonly nudge: () => void;
  readonly atRest: () => Promise<void>;
  readonly owed: () => readonly string[];
};

export type RepeatedOptions = {
  readonly outcome: Outcome;
  readonly log: Log;
  readonly fail: (error: unknown) => void;
};

/** `work` gives what it still owes, in words; a configuration that does not let it work is said once. */
export function makeRepeated(
  work: () => Promise<readonly string[]>,
  { outcome, log, fail }: RepeatedOptions,
): Repeated {
  let owed: readonly string[] = [];
  let running: Promise<void> | null = null;
  const said = new Set<string>();
  const explain = (error: unknown) => {
    if ((error as Error).name === 'AbortError') return;
    if (!(error instanceof Failure) || error.status !== exitStatus.configuration) return fail(error);
    outcome.note(exitStatus.configuration);
    if (!said.has(error.message)) log.error(error.message, error.hint);
    said.add(error.message);
  };
  const now = () => {
    running ??= work()
      .then((rest) => {
        owed = rest;
      }, explain)
      .finally(() => {
        running = null;
      });
  };
  return {
    now,
    nudge: () => {
      if (owed.length === 0) now();
    },
    atRest: async () => {
      await running;
    },
    owed: () => owed,
  };
}
