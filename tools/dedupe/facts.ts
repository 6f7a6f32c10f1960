import type { Drop } from '@ccci/lib/records/drop.ts';
import type { Ticks } from '@ccci/lib/records/tick.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { type Place, placeInQueue } from '@ccci/lib/runs/place.ts';
import { readResults } from '@ccci/lib/runs/results.ts';
import { listAccepted, readAccepted } from '@ccci/lib/state/accepted.ts';
import { readAnswer } from '@ccci/lib/state/answers.ts';
import { attemptsOf } from '@ccci/lib/state/attempts.ts';
import { readCursors } from '@ccci/lib/state/cursors.ts';
import { readEnrolled } from '@ccci/lib/state/enrolled.ts';
import { listInbox } from '@ccci/lib/state/inbox.ts';
import { journalPath } from '@ccci/lib/state/layout.ts';
import { keyOf } from '@ccci/lib/state/names.ts';
import { deadClaims, readJournal } from '@ccci/lib/state/queue.ts';
import { acceptedAt } from '@ccci/lib/state/seen.ts';
import { readTicks } from '@ccci/lib/state/ticks.ts';
import type { PullAddress } from './subject.ts';

/** As much of an accepted trigger, cancel or drop as is told. */
type Accepted = Pick<Trigger, 'at' | 'by'> &
  Partial<Pick<Trigger, 'source' | 'owner' | 'name' | 'pr' | 'comment' | 'ref' | 'options'>> &
  Partial<Pick<Drop, 'reason' | 'detail'>> & { readonly type: string };

/** All that the directory says of one key. */
export type Facts = {
  readonly key: string;
  readonly record: Accepted;
  /** When dedupe made it durable; null where its line is gone. */
  readonly acceptedAt: string | null;
  /** Where its queue file lies; `dead`: claimed by somebody who is gone; null where it was thinned out. */
  readonly state: 'waiting' | 'running' | 'dead' | 'over' | null;
  readonly place: Place | null;
  /** Run ids, oldest first. */
  readonly runs: readonly string[];
  /** Keys that the last run answers. */
  readonly keys: readonly string[];
  /** What ended it: `run.finished` or `drop`. */
  readonly end: AnyRecord | null;
  readonly answer: AnyRecord | null;
};

/** What is known of the source that should have seen something. */
export type SourceFacts = {
  /** Of the cursor: `<forge>/<organisation>` or `<forge>/<owner>/<name>`; null where nothing covers it. */
  readonly source: string | null;
  readonly enrolledAt: string | null;
  /** How far it was read. */
  readonly readUntil: string | null;
  readonly health: Ticks[string] | null;
  /** True when it lies in `in/` and dedupe has not taken it. */
  readonly isHandedIn: boolean;
};

type Where = { readonly state: string; readonly runs: string; readonly slots: number };

/** Keys of what was accepted on a pull request, oldest comment first. */
export async function keysOf(pull: PullAddress, { state }: Where): Promise<string[]> {
  const keys: string[] = [];
  for (const file of await listAccepted(state)) {
    const { forge, owner, name, pr } = ((await readAccepted(state, file)) ?? {}) as Partial<Trigger>;
    const isSame =
      forge === pull.forge &&
      isEqual(owner, pull.owner) &&
      isEqual(name, pull.name) &&
      pr?.number === pull.number;
    if (isSame) keys.push(keyOf(file));
  }
  return keys;
}

/** What became of a key; null when it was never accepted. */
export async function readFacts(key: string, where: Where): Promise<Facts | null> {
  const { state, runs } = where;
  const file = (await listAccepted(state)).find((name) => keyOf(name) === key);
  const record = file === undefined ? undefined : await readAccepted(state, file);
  if (file === undefined || record === undefined) return null;
  const { folder, journal } = await findJournal(state, file);
  const { runs: ids, lastRun } = attemptsOf(journal);
  const claim = journal.findLast(({ type }) => type === 'claim');
  const isDead = folder === 'cur' && (await deadClaims(state)).includes(file);
  const answer = await readAnswer(state, key).catch(() => undefined);
  return {
    key,
    record: record as unknown as Accepted,
    acceptedAt: await acceptedAt(state, key),
    state:
      folder === null
        ? null
        : isDead
          ? 'dead'
          : ({ new: 'waiting', cur: 'running', done: 'over' } as const)[folder],
    place: folder === 'new' ? await placeInQueue(file, where) : null,
    runs: ids,
    keys: (claim?.keys as readonly string[] | undefined) ?? [key],
    end: endOf(journal, folder) ?? (await resultOf(runs, lastRun)),
    answer: (answer as AnyRecord | undefined) ?? null,
  };
}

/** What is known of who should have seen a comment on this pull request, or of this forge. */
export async function readSource(
  key: string | null,
  pull: PullAddress | null,
  state: string,
): Promise<SourceFacts> {
  const enrolled = await readEnrolled(state);
  const cursors = await readCursors(state);
  const ticks = await readTicks(state);
  const handedIn = await listInbox(state);
  const isHandedIn = key !== null && handedIn.some((path) => path.endsWith(`Z-${key}.json`));
  const source = pull === null ? null : sourceOf(pull, Object.keys({ ...enrolled, ...cursors, ...ticks }));
  if (source === null) return { source, enrolledAt: null, readUntil: null, health: null, isHandedIn };
  return {
    source,
    enrolledAt: enrolled[source] ?? null,
    readUntil: cursors[source]?.since ?? null,
    health: ticks[source] ?? null,
    isHandedIn,
  };
}

/** The organisation's source covers its repositories. */
function sourceOf({ forge, owner, name }: PullAddress, known: readonly string[]): string | null {
  const wanted = [`${forge}/${owner}`, `${forge}/${owner}/${name}`];
  return known.find((one) => wanted.some((source) => isEqual(source, one))) ?? null;
}

async function findJournal(state: string, file: string) {
  // Twice: a file that is renamed while we look may be found nowhere.
  for (const folder of ['done', 'cur', 'new', 'done', 'cur'] as const) {
    const journal = await readJournal(journalPath(state, folder, file));
    if (journal.length > 0) return { folder, journal };
  }
  return { folder: null, journal: [] as AnyRecord[] };
}

function endOf(journal: readonly AnyRecord[], folder: string | null): AnyRecord | null {
  if (folder !== 'done') return null;
  return journal.findLast(({ type }) => type === 'run.finished' || type === 'drop') ?? null;
}

/** A run whose stage died at the last step, or whose journal was thinned out. */
async function resultOf(runs: string, run: string | null): Promise<AnyRecord | null> {
  const results = run === null ? undefined : await readResults(runs, run);
  return results === undefined ? null : { ...results, type: 'run.finished', run };
}

function isEqual(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}
