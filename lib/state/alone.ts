import { statePaths } from './layout.ts';
import { type Lock, lockFile, lockWaiting } from './lock.ts';

export type TurnOptions = {
  /** Nothing else may run meanwhile. */
  readonly isAlone: boolean;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Called once where it has to wait. */
  readonly onWait: () => void;
};

/**
 * Waits until a run may begin beside those that go on, of any process on this state; null when the signal ended the
 * waiting. Who wants to be alone waits for the others behind a gate that lets nobody else in, so it never starves.
 * Held until the run has ended; the kernel drops it with its process.
 */
export async function lockTurn(
  state: string,
  { isAlone, signal, onWait }: TurnOptions,
): Promise<Lock | null> {
  let isTold = false;
  const tellOnce = () => {
    if (!isTold) onWait();
    isTold = true;
  };
  const gate = await lockWaiting(statePaths(state).lock('gate'), { signal, onWait: tellOnce });
  if (gate === null) return null;
  try {
    const running = statePaths(state).lock('running');
    return await lockWaiting(running, { isShared: !isAlone, signal, onWait: tellOnce });
  } finally {
    gate.release();
  }
}

/** Keeps every run of this state from beginning; null where one goes on. */
export function lockNoRuns(state: string): Promise<Lock | null> {
  return lockFile(statePaths(state).lock('running'));
}
