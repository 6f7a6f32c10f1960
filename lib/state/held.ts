import { exitStatus, Failure } from '../program/failure.ts';
import type { Trigger } from '../records/trigger.ts';
import type { AnyRecord } from '../records/types.ts';
import { readAccepted } from './accepted.ts';
import { attemptsOf } from './attempts.ts';
import { type Journal, openJournal, type Storage } from './journal.ts';
import type { QueueFolder } from './layout.ts';
import { keyOf } from './names.ts';

export type HoldOptions = Storage & {
  /** `run.finished` of a run whose results are durable: a dead claim of it is committed, not run again (step 10). */
  readonly finishedOf?: (run: string) => Promise<AnyRecord | null>;
  /** Told of what was committed so. */
  readonly onSettled?: (finished: AnyRecord) => Promise<void>;
};

/** A trigger and its locked journal. */
export type Held = { readonly journal: Journal; readonly trigger: Trigger };

/**
 * Locks a trigger's journal; null when it is gone, held by somebody else, or no trigger. One whose run is finished is
 * committed instead, and null too.
 */
export async function hold(
  state: string,
  file: string,
  folders: readonly QueueFolder[],
  options: HoldOptions,
): Promise<Held | null> {
  const { finishedOf = async () => null, onSettled = async () => {} } = options;
  const journal = await openJournal(state, file, { ...options, folders });
  if (journal === null) return null;
  try {
    const record = await readAccepted(state, file, options.disk);
    if (record === undefined) throw notAccepted(file);
    const { lastRun } = attemptsOf(journal.records);
    const finished = journal.folder() === 'cur' && lastRun !== null ? await finishedOf(lastRun) : null;
    if (finished !== null) {
      await journal.append(finished);
      await journal.move('done');
      journal.release();
      await onSettled(finished);
      return null;
    }
    if (record.type === 'trigger') return { journal, trigger: record as Trigger };
  } catch (error) {
    journal.release();
    throw error;
  }
  journal.release();
  return null;
}

/** Writes the last record of each and moves it, one after the other; on failure the locks of what is left are kept, so that the caller can try again. */
export async function finish(
  group: readonly Held[],
  folder: QueueFolder,
  recordOf: (trigger: Trigger) => object,
): Promise<void> {
  for (const { journal, trigger } of group) {
    if (journal.folder() === folder) continue;
    await journal.append(recordOf(trigger));
    await journal.move(folder);
    journal.release();
  }
}

function notAccepted(file: string): Failure {
  return new Failure(exitStatus.inputOutput, 'not-accepted', `queue file ${file} has no accepted trigger`, {
    hint: `accepted/${file}.json is written before the queue file: look who removed it (${keyOf(file)})`,
  });
}
