import { exitStatus, Failure, messageOf } from './failure.ts';

/** The `Failure` `aborted` of work that a signal ended; `what` is what was being done. */
export function stoppedFailure(signal: AbortSignal, what: string): Failure {
  const why =
    signal.reason instanceof Error ? messageOf(signal.reason) : String(signal.reason ?? 'asked to stop');
  return new Failure(exitStatus.terminated, 'aborted', `stopped (${why}) while ${what}`, {
    cause: signal.reason,
  });
}

/** Throws the `Failure` `aborted` when the signal has been given. */
export function throwIfStopped(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw stoppedFailure(signal, what);
}
