import type { Cancel } from '@ccci/lib/records/cancel.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { Ended } from '@ccci/lib/stages/ended.ts';
import type { Claimed } from '@ccci/lib/state/claim.ts';
import { isSamePull } from '@ccci/lib/state/work.ts';

/** A run that goes on, and how to end it from outside. */
export type Active = {
  /** The trigger that runs, and those that joined it. */
  readonly triggers: [Trigger, ...Trigger[]];
  /** Null for a run that nobody queued. */
  readonly claimed: Claimed | null;
  readonly signal: AbortSignal;
  readonly end: (ended: Ended) => void;
};

export type Endings = {
  /** First SIGINT or SIGTERM; the reason is the signal's name. */
  readonly stopping: AbortSignal;
  /** The reader of the output has left. */
  readonly closed: AbortSignal;
};

/**
 * Runs `work` as something that a signal, a reader that leaves or a cancel can end: a stop of the service gives a
 * queued run back, Ctrl-C cancels, a reader that left ends a run that nobody queued.
 */
export async function runActive(
  { triggers, claimed }: Pick<Active, 'triggers' | 'claimed'>,
  { stopping, closed }: Endings,
  work: (active: Active) => Promise<void>,
): Promise<void> {
  const ending = new AbortController();
  const end = (ended: Ended) => ending.abort(ended);
  const isQueued = claimed !== null;
  const unlisten = [
    listen(stopping, () => end(endOfSignal(String(stopping.reason), isQueued))),
    listen(closed, () => {
      if (!isQueued) end({ verdict: 'interrupted', why: 'the reader of the records left' });
    }),
  ];
  try {
    await work({ triggers, claimed, signal: ending.signal, end });
  } finally {
    for (const stop of unlisten) stop();
  }
}

/** Ends what runs for the pull request of a cancel that came through the pipe. */
export function cancelActive(cancel: Cancel, active: ReadonlySet<Active>): void {
  for (const { triggers, end } of active) {
    if (isSamePull(triggers[0], cancel))
      end({ verdict: 'cancelled', why: `cancelled by ${cancel.comment.author}` });
  }
}

function endOfSignal(name: string, isQueued: boolean): Ended {
  if (isQueued && name !== 'SIGINT') return { verdict: 'given-back', why: `stopped by ${name}` };
  return { verdict: 'cancelled', why: name === 'SIGINT' ? 'ended by Ctrl-C (SIGINT)' : `ended by ${name}` };
}

function listen(signal: AbortSignal, action: () => void): () => void {
  if (signal.aborted) action();
  else signal.addEventListener('abort', action, { once: true });
  return () => signal.removeEventListener('abort', action);
}
