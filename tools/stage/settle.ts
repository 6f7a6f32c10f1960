import type { Cancel } from '@ccci/lib/records/cancel.ts';
import type { Drop } from '@ccci/lib/records/drop.ts';
import { dropOf } from '@ccci/lib/records/drop-of.ts';
import { stamp } from '@ccci/lib/records/encode.ts';
import { finishedOf } from '@ccci/lib/runs/finished.ts';
import { attemptsOf } from '@ccci/lib/state/attempts.ts';
import { journalPath } from '@ccci/lib/state/layout.ts';
import { overtakenBy } from '@ccci/lib/state/overtaken.ts';
import { deadClaims, readJournal, settle } from '@ccci/lib/state/queue.ts';
import { type Look, rivalsIn } from './look.ts';
import type { WorkOptions } from './work.ts';

/** A dead claim whose result is there is committed, not run again (triggers.md, step 10). */
export async function settleFinished({ state, runs }: Pick<WorkOptions, 'state' | 'runs'>): Promise<void> {
  for (const file of await deadClaims(state)) {
    const { lastRun } = attemptsOf(await readJournal(journalPath(state, 'cur', file)));
    const finished = lastRun === null ? null : await finishedOf(runs, lastRun);
    if (finished !== null) await settle(state, file, finished, { folders: ['cur'] });
  }
}

/** A cancel that was obeyed, or found nothing to end, is done. */
export async function settleCancel(
  cancel: Cancel,
  { state, stamping }: Pick<WorkOptions, 'state' | 'stamping'>,
): Promise<void> {
  if (typeof cancel.spool !== 'string') return;
  const { type: _type, ...fields } = cancel;
  const detail = 'the pull request has nothing that waits or runs any more';
  const drop = stamp({ ...fields, type: 'drop', reason: 'cancelled', detail }, stamping);
  await settle(state, cancel.spool, drop, { folders: ['new'] });
}

/**
 * Drops what waits and was overtaken; gives what was said. dedupe does so when it accepts the newer one, and whoever
 * is first says it: a newer one that dedupe could not follow up must not be run before the older one.
 */
export async function dropOvertaken(
  look: Look,
  { state, stamping }: Pick<WorkOptions, 'state' | 'stamping'>,
): Promise<readonly Drop[]> {
  const rivals = rivalsIn(look);
  const dropped: Drop[] = [];
  for (const { file, record } of look.waiting) {
    const overtaken = overtakenBy(record, rivals);
    if (overtaken === null) continue;
    const drop = dropOf(record, overtaken, stamping);
    if (await settle(state, file, drop, { folders: ['new'] })) dropped.push(drop);
  }
  return dropped;
}
