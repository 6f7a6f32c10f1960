import { join } from 'node:path';
import { makeCollector } from '@ccci/lib/pages/collect.ts';
import { deservesAnswer } from '@ccci/lib/pages/notices.ts';
import { emptyView, type RunView } from '@ccci/lib/pages/view.ts';
import type { Cancel } from '@ccci/lib/records/cancel.ts';
import type { Drop } from '@ccci/lib/records/drop.ts';
import type { RunFinished } from '@ccci/lib/records/run-finished.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import type { Places } from '@ccci/lib/runs/place.ts';
import { readEvents } from '@ccci/lib/runs/read.ts';
import { readResults } from '@ccci/lib/runs/results.ts';
import { readAccepted } from '@ccci/lib/state/accepted.ts';
import type { Disk } from '@ccci/lib/state/files.ts';
import { journalPath } from '@ccci/lib/state/layout.ts';
import { readPreview } from '@ccci/lib/state/previews.ts';
import { readJournal } from '@ccci/lib/state/queue.ts';
import { openAnswer, type Place, type ReportAnswer, saveAnswer } from './answer.ts';
import { claimedRun } from './claimed-run.ts';

/** Where the truth lies, and what came through the pipe of runs that have no directory here. */
export type Where = {
  readonly state: string;
  readonly runs: string;
  readonly live: (run: string) => RunView | undefined;
  readonly places: Places;
  /** Name of the accepted file of a key. */
  readonly findFile: (key: string) => Promise<string | undefined>;
  /** Where it is noted what was posted. */
  readonly disk?: Disk | undefined;
};

/** One accepted trigger, cancel or drop on a pull request, how far it has come, and what was posted for it. */
export type Entry = {
  readonly file: string;
  readonly key: string;
  readonly place: Place;
  readonly record: Trigger | Cancel | Drop;
  readonly state: 'waiting' | 'running' | 'over';
  /** Shallow (trigger, results, drop) until `deepen`. */
  view: RunView;
  answer: ReportAnswer;
};

/** Where to post comes from what was accepted, never from records of a run (security.md, confused reporter). */
export function placeOf(record: AnyRecord): Place | null {
  const { forge, owner, name, pr } = record as Partial<Trigger>;
  if (forge === undefined || owner === undefined || name === undefined || pr?.number === undefined)
    return null;
  if (record.type === 'drop' && !deservesAnswer(record as Drop)) return null;
  // Nobody asked: the pull request was closed.
  if (record.type === 'cancel' && (record as Cancel).why === 'closed') return null;
  return { forge, owner, name, number: pr.number };
}

/** Reads what the directory says of one accepted file; null for what nothing is posted about. */
export async function readEntry(file: string, where: Where): Promise<Entry | null> {
  const record = (await readAccepted(where.state, file)) as Entry['record'] | undefined;
  const place = record === undefined ? null : placeOf(record as AnyRecord);
  if (record === undefined || place === null) return null;
  const answer = await openAnswer(where.state, record.key, place);
  const known = { file, key: record.key, place, record, answer };
  if (record.type !== 'trigger') return { ...known, state: 'over', view: emptyView(record.key) };
  const progress = await readProgress(file, record, where);
  // Its journal was thinned out (ccci-janitor): there is nothing left to tell of it.
  if (progress === null && answer.final)
    return { ...known, state: 'over', view: emptyView(record.key, record) };
  return { ...known, ...(progress ?? { state: 'waiting', view: emptyView(record.key, record) }) };
}

/** Puts stages, tests and log lines into an entry's view: from the run's directory, else from the pipe. */
export async function deepen(entry: Entry, { runs, live }: Where): Promise<void> {
  if (entry.record.type !== 'trigger') return;
  const { run, queued, preview, drop, results, trigger } = entry.view;
  const collector = makeCollector();
  let found: RunView | null = null;
  for await (const record of readEvents(runs, run)) found = collector.add(record) ?? found;
  const deep = found ?? live(run);
  if (deep === undefined) return;
  // What the directory says of one that waits comes first; one that has begun speaks for itself.
  const early = entry.state === 'waiting' ? (preview ?? deep.preview) : null;
  entry.view = { ...deep, key: entry.key, run, trigger, queued, preview: early, drop, results };
}

/** Changes and notes what was posted for an entry. */
export async function note(
  entry: Entry,
  { state, disk }: Pick<Where, 'state' | 'disk'>,
  changes: Partial<ReportAnswer>,
): Promise<void> {
  entry.answer = { ...entry.answer, ...changes };
  await saveAnswer(state, entry.answer, disk);
}

/** Null where it has no journal (any more). */
async function readProgress(
  file: string,
  trigger: Trigger,
  where: Where,
): Promise<Pick<Entry, 'state' | 'view'> | null> {
  const { state } = where;
  // Twice: a file that is renamed while we look may be found nowhere.
  for (const folder of ['done', 'cur', 'new', 'done', 'cur'] as const) {
    const records = await readJournal(journalPath(state, folder, file));
    if (records.length === 0) continue;
    const run = await claimedRun(trigger, records, (key) => findAccepted(key, where));
    const view = { ...emptyView(trigger.key, trigger), run };
    const results = await outcomeOf(run, records, where);
    if (results !== null) return { state: 'over', view: { ...view, results } };
    if (folder === 'done') return { state: 'over', view: { ...view, drop: lastDrop(records) } };
    if (folder === 'cur') return { state: 'running', view };
    const preview = (await readPreview(state, file)) ?? null;
    return { state: 'waiting', view: { ...view, preview, queued: await queuedAs(file, trigger, where) } };
  }
  return null;
}

async function findAccepted(key: string, { state, findFile }: Where): Promise<AnyRecord | undefined> {
  const file = await findFile(key);
  return file === undefined ? undefined : readAccepted(state, file);
}

/** What ended a run: its journal, or, where its stage died at the last step, its `results.json` (step 10). */
async function outcomeOf(
  run: string,
  journal: readonly AnyRecord[],
  { runs, live }: Where,
): Promise<RunFinished | null> {
  const noted = journal.findLast((record) => record.type === 'run.finished' && record.run === run);
  if (noted !== undefined) return noted as RunFinished;
  if ((await readResults(runs, run)) === undefined) return null;
  let finished: RunFinished | null = live(run)?.results ?? null;
  for await (const record of readEvents(runs, run))
    if (record.type === 'run.finished') finished = record as RunFinished;
  return finished;
}

function lastDrop(records: readonly AnyRecord[]): Drop {
  const drop = records.findLast((record) => record.type === 'drop');
  const { v, at, by, key } = records[0] as Drop;
  return (drop ?? {
    type: 'drop',
    v,
    at,
    by,
    key,
    reason: 'gone',
    detail: 'it ended without an outcome',
  }) as Drop;
}

async function queuedAs(
  file: string,
  { v, at, by, key }: Trigger,
  { places }: Where,
): Promise<RunView['queued']> {
  const place = await places.of(file);
  return place === null ? null : { type: 'queued', v, at, by, key, ...place };
}

/** Path of a run's page below the report directory. */
export function pageOf(run: string): string {
  return join('runs', run, '/');
}
