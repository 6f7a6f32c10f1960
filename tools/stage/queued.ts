import { Failure } from '@ccci/lib/program/failure.ts';
import type { DropReason } from '@ccci/lib/records/drop.ts';
import { dropOf } from '@ccci/lib/records/drop-of.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { endedBy, endedFromOutside } from '@ccci/lib/stages/ended.ts';
import type { Claimed } from '@ccci/lib/state/claim.ts';
import type { Overtaken } from '@ccci/lib/state/overtaken.ts';
import { runOnce } from './run-once.ts';
import type { Ready, WorkOptions } from './work.ts';

const mostAttempts = 3;

export type QueuedOptions = WorkOptions & {
  /** Set where a dead claim was overtaken: what it left is removed, and it is dropped. */
  readonly overtaken: Overtaken | null;
};

/**
 * Runs what was claimed to its commit. What failed without a verdict, a full disk for example, is given back, and its
 * failure becomes an `error` record; a bug is thrown, and its claim counts as one that died.
 */
export async function workQueued(claimed: Claimed, options: QueuedOptions): Promise<void> {
  const state = { isOver: false };
  const commit = async (recordOf: (trigger: Trigger) => object) => {
    await claimed.commit(recordOf);
    state.isOver = true;
  };
  try {
    const ready = await options.ready();
    await options.removeLeftovers(claimed, ready.engine, options);
    await runClaimed({ ...claimed, commit }, ready, options);
  } catch (error) {
    if (!state.isOver) await letGo(claimed, error);
    if (!(error instanceof Failure)) throw error;
    options.noteFailure(error);
    await options.emit(options.errorRecord(error, claimed.trigger.key));
  }
}

async function runClaimed(claimed: Claimed, ready: Ready, options: QueuedOptions): Promise<void> {
  const ended = endedBy(options.signal);
  if (ended?.verdict === 'given-back') return claimed.giveBack();
  const outside = endedFromOutside(ended);
  const why = options.overtaken ?? (outside && { reason: reasonOf(outside.verdict), detail: outside.why });
  if (why !== null) return dropAll(claimed, why, options);
  const { run, attempt } = claimed;
  const giveUp = attempt > mostAttempts ? { giveUp: 'ccci died three times on this' } : {};
  const commit = (record: object) => claimed.commit((trigger) => recordFor(trigger, record as AnyRecord));
  const end = await runOnce(claimed.trigger, ready, options, { run, attempt, commit, ...giveUp });
  if (end.kind === 'given-back') await claimed.giveBack();
  else if (end.failure !== null) options.noteTrouble(end.failure);
}

async function dropAll(
  claimed: Claimed,
  why: { readonly reason: DropReason; readonly detail: string },
  { stamping, emit }: WorkOptions,
): Promise<void> {
  const drops: object[] = [];
  await claimed.commit((trigger) => {
    const drop = dropOf(trigger, why, stamping);
    drops.push(drop);
    return drop;
  });
  for (const drop of drops) await emit(drop);
}

/** One run answers all; a drop answers the person whose trigger it was. */
function recordFor({ key, comment }: Trigger, record: AnyRecord): object {
  return record.type === 'drop' ? { ...record, key, comment } : record;
}

function reasonOf(verdict: 'cancelled' | 'superseded' | 'interrupted'): DropReason {
  return verdict === 'superseded' ? 'superseded' : 'cancelled';
}

/** What failed without a verdict is taken up again and is no death; a bug is one. */
async function letGo(claimed: Claimed, error: unknown): Promise<void> {
  try {
    if (error instanceof Failure) await claimed.giveBack();
  } catch {
    // The disk of the journal as well: then it lies in `cur`, and counts as a claim that died.
  } finally {
    claimed.release();
  }
}
