import { Failure } from '@ccci/lib/program/failure.ts';
import { type Claimed, claim } from '@ccci/lib/state/queue.ts';
import { removeLeftovers } from './leftovers.ts';
import { runOnce } from './run-once.ts';
import { finishedOf } from './settle.ts';
import type { Ready, WorkOptions } from './work.ts';

const mostAttempts = 3;

/** Runs a queued trigger if its file can be claimed; gone or locked means that somebody else has it. */
export async function runQueued(file: string, ready: Ready, options: WorkOptions): Promise<void> {
  const claimed = await claim(options.state, file, { stamping: options.stamping });
  if (claimed === null) return;
  const state = { isOver: false };
  try {
    if (await commitFinished(claimed, options)) return;
    await removeLeftovers(claimed, ready.engine, options);
    const commit = async (record: object) => {
      await claimed.commit(record);
      state.isOver = true;
    };
    await runClaimed({ ...claimed, commit }, ready, options);
  } catch (error) {
    if (!state.isOver) await letGo(claimed, error);
    throw error;
  }
}

async function runClaimed(claimed: Claimed, ready: Ready, options: WorkOptions): Promise<void> {
  const { run, attempt, commit } = claimed;
  const giveUp = attempt > mostAttempts ? { giveUp: 'ccci died three times on this' } : {};
  const end = await runOnce(claimed.trigger, ready, options, { run, attempt, commit, ...giveUp });
  if (end.kind === 'given-back') await claimed.giveBack();
  else if (end.failure !== null) options.noteTrouble(end.failure);
}

/** What failed without a verdict, a full disk for example, is taken up again and is no death; a bug is one. */
async function letGo(claimed: Claimed, error: unknown): Promise<void> {
  try {
    if (error instanceof Failure) await claimed.giveBack();
  } catch {
    // The disk of the journal as well: then it lies in `cur`, and counts as a claim that died.
  } finally {
    claimed.release();
  }
}

/** A dead claim whose result is there is committed, not run again (triggers.md, step 10). */
async function commitFinished(claimed: Claimed, options: WorkOptions): Promise<boolean> {
  if (claimed.previous === null) return false;
  const finished = await finishedOf(options.runs, claimed.previous);
  if (finished === null) return false;
  await claimed.commit(finished);
  await options.emit(finished);
  return true;
}
