import { exitStatus, Failure } from '../program/failure.ts';
import { type Stamping, stamp } from '../records/encode.ts';
import type { Trigger } from '../records/trigger.ts';
import type { AnyRecord } from '../records/types.ts';
import { readAccepted } from './accepted.ts';
import { attemptsOf } from './attempts.ts';
import { type Disk, realDisk } from './files.ts';
import { type Journal, openJournal } from './journal.ts';
import { type QueueFolder, statePaths } from './layout.ts';
import { isQueueName, keyOf } from './names.ts';
import { parseLines } from './ndjson.ts';

/** A trigger that is ours to run until it is committed, given back or released. */
export type Claimed = {
  readonly file: string;
  readonly trigger: Trigger;
  /** Run id of this claim: the key, `<key>.2` for the second claim and so on; never used before. */
  readonly run: string;
  /** 1, and one more for each earlier claim that died; what was given back does not count. */
  readonly attempt: number;
  /** Run id of the claim before, whose leftovers are to be removed; null for the first. */
  readonly previous: string | null;
  /** Appends to the journal and fsyncs. */
  readonly append: (record: object) => Promise<void>;
  /** Journal, fsync, rename to `done`, fsync; then the lock is given up (triggers.md, step 10). */
  readonly commit: (record: object) => Promise<void>;
  /** Back to `new`, for the next stage; this attempt does not count (step 9). */
  readonly giveBack: (record?: object) => Promise<void>;
  /** Lets the lock go and leaves the file in `cur`, as a crash would. */
  readonly release: () => void;
};

export type ClaimOptions = {
  readonly stamping: Stamping;
  /** Begin of the run id; the key by default. */
  readonly run?: string;
  readonly disk?: Disk;
};

/** Names of the queue files in a folder, oldest comment first. */
export async function listQueue(
  state: string,
  folder: QueueFolder,
  disk: Disk = realDisk,
): Promise<string[]> {
  const names = await disk.list(statePaths(state).queue[folder]);
  return names
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => name.slice(0, -'.ndjson'.length))
    .filter(isQueueName);
}

/** Records of a journal, oldest first; none when it is not there, a torn line is passed over. */
export async function readJournal(path: string, disk: Disk = realDisk): Promise<AnyRecord[]> {
  return parseLines((await disk.read(path)) ?? '');
}

/**
 * Takes a trigger that waits, or the claim of somebody who died (triggers.md, step 9); null when it is gone, held by
 * somebody else, or no trigger: then it is to be passed over without a word.
 */
export async function claim(state: string, file: string, options: ClaimOptions): Promise<Claimed | null> {
  const { disk = realDisk } = options;
  const journal = await openJournal(state, file, { folders: ['new', 'cur'], disk });
  if (journal === null) return null;
  try {
    const trigger = await readAccepted(state, file, disk);
    if (trigger === undefined) throw notAccepted(file);
    if (trigger.type === 'trigger') return await take(state, journal, trigger as Trigger, options);
    journal.release();
    return null;
  } catch (error) {
    journal.release();
    throw error;
  }
}

/** Names in `cur` whose holder is gone. Looking takes each lock for a moment. */
export async function deadClaims(state: string, disk: Disk = realDisk): Promise<string[]> {
  const dead: string[] = [];
  for (const file of await listQueue(state, 'cur', disk)) {
    const journal = await openJournal(state, file, { folders: ['cur'], disk });
    if (journal === null) continue;
    journal.release();
    dead.push(file);
  }
  return dead;
}

/**
 * Ends what nobody runs: a cancel that was obeyed, a trigger that was overtaken, a dead claim whose result is there.
 * False when the file is gone or held by somebody else.
 */
export async function settle(
  state: string,
  file: string,
  record: object,
  disk: Disk = realDisk,
): Promise<boolean> {
  const journal = await openJournal(state, file, { folders: ['new', 'cur'], disk });
  if (journal === null) return false;
  try {
    await journal.append(record);
    await journal.move('done');
    return true;
  } finally {
    journal.release();
  }
}

async function take(
  state: string,
  journal: Journal,
  trigger: Trigger,
  { stamping, run: base = trigger.key, disk = realDisk }: ClaimOptions,
): Promise<Claimed> {
  const { claims, died, lastRun } = attemptsOf(journal.records);
  const run = claims === 0 ? base : `${base}.${claims + 1}`;
  const attempt = died + 1;
  await journal.append(stamp({ type: 'claim', key: trigger.key, run, attempt }, stamping));
  await journal.move('cur');
  return {
    file: journal.file,
    trigger,
    run,
    attempt,
    previous: lastRun,
    append: (record) => journal.append(record),
    commit: (record) => finish(journal, 'done', [record]),
    giveBack: async (record) => {
      const place = await placeOf(state, journal.file, disk);
      const queued = { type: 'queued', key: trigger.key, run, place, behind: null, etaMs: null };
      await finish(journal, 'new', [...(record === undefined ? [] : [record]), stamp(queued, stamping)]);
    },
    release: journal.release,
  };
}

/** On failure the lock is kept, so that the caller can try again. */
async function finish(journal: Journal, folder: QueueFolder, records: readonly object[]): Promise<void> {
  await journal.append(...records);
  await journal.move(folder);
  journal.release();
}

async function placeOf(state: string, file: string, disk: Disk): Promise<number> {
  const waiting = await listQueue(state, 'new', disk);
  return waiting.filter((other) => other < file).length + 1;
}

function notAccepted(file: string): Failure {
  return new Failure(exitStatus.inputOutput, 'not-accepted', `queue file ${file} has no accepted trigger`, {
    hint: `accepted/${file}.json is written before the queue file: look who removed it (${keyOf(file)})`,
  });
}
