import { exitStatus } from './failure.ts';
import type { Outcome } from './outcome.ts';

export type Signals = {
  /** Aborted by the first SIGINT or SIGTERM; the reason is the signal's name. */
  readonly stopping: AbortSignal;
};

/**
 * The first SIGINT or SIGTERM asks to stop, the second ends at once (records.md, rule 5).
 * SIGHUP counts as SIGTERM, so that a closed terminal tears runs down too.
 */
export function listenForSignals(outcome: Outcome): Signals {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const status = name === 'SIGINT' ? exitStatus.interrupted : exitStatus.terminated;
      if (controller.signal.aborted) process.exit(status);
      outcome.note(status);
      controller.abort(name);
    });
  }
  return { stopping: controller.signal };
}
