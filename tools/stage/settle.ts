import type { Cancel } from '@ccci/lib/records/cancel.ts';
import type { Drop } from '@ccci/lib/records/drop.ts';
import { stamp } from '@ccci/lib/records/encode.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { readEvents } from '@ccci/lib/runs/read.ts';
import { readResults } from '@ccci/lib/runs/results.ts';
import { journalPath } from '@ccci/lib/state/layout.ts';
import { deadClaims, readJournal, settle } from '@ccci/lib/state/queue.ts';
import type { WorkOptions } from './work.ts';

type Where = Pick<WorkOptions, 'state' | 'runs' | 'stamping'>;

/** A dead claim whose result is there is committed, not run again (triggers.md, step 10). */
export async function settleFinished({ state, runs }: Where): Promise<void> {
  for (const file of await deadClaims(state)) {
    const journal = await readJournal(journalPath(state, 'cur', file));
    const claim = journal.findLast((record) => record.type === 'claim');
    const finished = claim === undefined ? null : await finishedOf(runs, String(claim.run));
    if (finished !== null) await settle(state, file, finished);
  }
}

/** `run.finished` of a run whose results are durable; null where there is none. */
export async function finishedOf(runs: string, run: string): Promise<AnyRecord | null> {
  if ((await readResults(runs, run)) === undefined) return null;
  for await (const record of readEvents(runs, run)) {
    if (record.type === 'run.finished') return record;
  }
  return null;
}

/** A cancel that was obeyed, or found nothing to end, is done. */
export async function settleCancel(cancel: Cancel, { state, stamping }: Where): Promise<void> {
  if (typeof cancel.spool !== 'string') return;
  const { type: _type, ...fields } = cancel;
  const detail = 'the pull request has nothing that waits or runs any more';
  await settle(
    state,
    cancel.spool,
    stamp({ ...fields, type: 'drop', reason: 'cancelled', detail }, stamping),
  );
}

/** A trigger that was cancelled before it ran is dropped; the record says by whom. Null when somebody else has it. */
export async function dropWaiting(trigger: Trigger, why: string, where: Where): Promise<Drop | null> {
  const { key, forge, owner, name, pr, comment, spool } = trigger;
  const fields = {
    type: 'drop',
    key,
    reason: 'cancelled',
    detail: why,
    forge,
    owner,
    name,
    pr,
    comment,
  } as const;
  const drop = stamp(fields, where.stamping) as Drop;
  if (spool !== undefined && !(await settle(where.state, spool, drop))) return null;
  return drop;
}
