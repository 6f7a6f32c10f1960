import type { AnyRecord } from '../records/types.ts';
import { attemptsOf } from './attempts.ts';
import { openJournal, type Storage } from './journal.ts';

/** What became of a claim whose stage has died; null where it is gone, or its holder lives. */
export type Revived = 'requeued' | 'finished';

export type ReviveOptions = Storage & {
  /** `run.finished` of a run whose results are durable. */
  readonly finishedOf: (run: string) => Promise<AnyRecord | null>;
};

/**
 * Ends a dead claim: a run that was finished is committed (triggers.md, step 10), any other goes back to `new` without
 * a word in its journal, so that it counts as one that died.
 */
export async function revive(
  state: string,
  file: string,
  { finishedOf, ...storage }: ReviveOptions,
): Promise<Revived | null> {
  const journal = await openJournal(state, file, { ...storage, folders: ['cur'] });
  if (journal === null) return null;
  try {
    const { lastRun } = attemptsOf(journal.records);
    const finished = lastRun === null ? null : await finishedOf(lastRun);
    if (finished === null) {
      await journal.move('new');
      return 'requeued';
    }
    await journal.append(finished);
    await journal.move('done');
    return 'finished';
  } finally {
    journal.release();
  }
}
