import { readTree } from '@ccci/lib/plan/tree.ts';
import { Failure } from '@ccci/lib/program/failure.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import { lockTurn } from '@ccci/lib/state/alone.ts';
import type { WorkOptions } from './work.ts';

/**
 * Does work when the recipe's turn has come: beside other runs, or, with `exclusive: true` in its settings, when all
 * others of this state have ended, and with none beginning meanwhile. Ended while it waits, the work is done all the
 * same: it finds the signal aborted and says so.
 */
export async function runInTurn<Value>(
  { key, recipe }: Trigger,
  { state, testsDir, signal, say }: Pick<WorkOptions, 'state' | 'testsDir' | 'signal' | 'say'>,
  work: () => Promise<Value>,
): Promise<Value> {
  const isAlone = await wantsToBeAlone(testsDir, recipe);
  const onWait = () =>
    say(isAlone ? `${key} waits until it may run alone` : `${key} waits for a run that is alone`);
  const lock = await lockTurn(state, { isAlone, signal, onWait });
  try {
    return await work();
  } finally {
    lock?.release();
  }
}

/** Settings that cannot be read are told by the run itself. */
async function wantsToBeAlone(testsDir: string, recipe: string): Promise<boolean> {
  try {
    return (await readTree(testsDir, recipe)).settings.exclusive;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
