import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { badge } from '@ccci/lib/pages/badge.ts';
import { makeCollector } from '@ccci/lib/pages/collect.ts';
import { olderRunPage } from '@ccci/lib/pages/older-run.ts';
import { runPage } from '@ccci/lib/pages/page.ts';
import type { RunView } from '@ccci/lib/pages/view.ts';
import { type Brief, briefOf, type Fields } from '@ccci/lib/records/brief.ts';
import { openKnownRuns } from '@ccci/lib/runs/known-runs.ts';
import { listRuns } from '@ccci/lib/runs/list.ts';
import type { Places } from '@ccci/lib/runs/place.ts';
import { readEvents } from '@ccci/lib/runs/read.ts';
import { readResultsFile } from '@ccci/lib/runs/results-file.ts';
import { writeDurably } from '@ccci/lib/state/files.ts';
import { makeFolders } from '@ccci/lib/state/folders.ts';
import { writeAssets } from './assets.ts';
import { isRunId } from './claimed-run.ts';
import { copyPublished } from './copy.ts';
import { dropPages } from './drop-pages.ts';
import { type LiveLogs, makeLiveLogs } from './live-logs.ts';
import { makeNow } from './now.ts';
import { makePaced } from './paced.ts';
import { makeSite } from './site.ts';
import { makeSlots } from './slots.ts';

export type Publisher = {
  /** Writes a run's page, and, once it is over, its files; histories, badges and overview follow soon. */
  readonly run: (view: RunView) => Promise<void>;
  /** Writes the pages of finished runs that could not be written when they ended, and then all that they share. */
  readonly overview: () => Promise<void>;
  /** Something runs, waits or has ended: histories, badges and overview are written again, soon. */
  readonly changed: () => void;
  /** No live log grows any more; resolves when all is written that is known of. */
  readonly idle: () => Promise<void>;
};

export type PublisherOptions = {
  /** `report.directory`. */
  readonly directory: string;
  readonly state: string;
  readonly runs: string;
  readonly places: Places;
  /** Runs that came through the pipe. */
  readonly views: () => readonly RunView[];
  /** A file of a run that nobody can use: said, and left out. */
  readonly warn: (message: string) => void;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Pages are never in the way of a post: what fails is said, and that is all. */
  readonly complain: (error: unknown) => void;
};

/** The pages that all runs share are written at most once in so many ms. */
const paceMs = 3_000;

/** Of missing pages so many are written at a time: they share the waiting for the disk. */
const width = 8;

/** Writes the pages, one at a time; of many that are missing a few, so that the page of a run waits for those at most. */
export function makePublisher(options: PublisherOptions): Publisher {
  const { directory, runs, warn, complain, pause } = options;
  const one = makeSlots(1);
  const place = { directory, runs, live: makeLiveLogs({ directory, runs, complain }) };
  const guarded = (work: () => Promise<void>) => one(() => work().catch(complain));
  const noRuns = (error: unknown) => {
    complain(error);
    return [];
  };
  const hasPage = (run: string) => existsSync(join(directory, 'runs', run, 'index.html'));
  const isOver = (run: string) => existsSync(join(runs, run, 'results.json'));
  const known = openKnownRuns(runs, { isId: isRunId, warn });
  const site = makeSite({ directory, known, now: makeNow({ ...options, hasPage, isOver }), complain });
  const paced = makePaced(() => guarded(site.write), { ms: paceMs, pause });
  return {
    run: async (view) => {
      if (!isRunId(view.run)) return;
      await guarded(() => writePage(view, place));
      if (view.results !== null) await guarded(() => dropPages(directory, runs));
      paced.wake();
    },
    overview: async () => {
      await guarded(() => writeAssets(directory));
      const missing = await missingRuns(directory, runs).catch(noRuns);
      for (let first = 0; first < missing.length; first += width) {
        const some = missing.slice(first, first + width);
        const write = (id: string) => writeMissing(id, place).catch(complain);
        await one(() => Promise.all(some.map(write)));
      }
      await guarded(() => dropPages(directory, runs));
      await guarded(site.write);
    },
    changed: paced.wake,
    idle: async () => {
      await paced.stop();
      await one(async () => {});
      await place.live.stop();
    },
  };
}

type Place = { readonly directory: string; readonly runs: string; readonly live: LiveLogs };

async function writePage(view: RunView, { directory, runs, live }: Place): Promise<void> {
  const folder = join(directory, 'runs', view.run);
  await makeFolders(folder);
  const { results, drop } = view;
  if (results !== null) await copyPublished(join(runs, view.run), folder);
  if (results !== null || drop !== null) await live.settle(view.run);
  // Behind its files: a live page is loaded again as soon as this one is there.
  await writeDurably(join(folder, 'index.html'), runPage(view));
  if (results === null) return drop === null ? live.follow(view.run) : undefined;
  // Last: it tells that all else is there.
  await writeDurably(join(folder, 'badge.svg'), badge(results));
}

async function missingRuns(directory: string, runs: string): Promise<string[]> {
  const ids = (await listRuns(runs)).filter(isRunId);
  return ids.filter((id) => !existsSync(join(directory, 'runs', id, 'badge.svg')));
}

async function writeMissing(id: string, place: Place): Promise<void> {
  const { runs } = place;
  const content = await readResultsFile(runs, id);
  const brief = briefOf(content, id);
  if (brief?.isOlder) return writeOlder(brief, content as Fields, place);
  const view = brief === null ? null : await readView(runs, id);
  if (view !== null && view.results !== null) await writePage(view, place);
}

/** Of a run of the replaced system, which has no records. */
async function writeOlder(
  brief: Brief,
  content: Fields,
  { directory, runs }: Pick<Place, 'directory' | 'runs'>,
): Promise<void> {
  const folder = join(directory, 'runs', brief.run);
  await makeFolders(folder);
  await writeDurably(join(folder, 'index.html'), olderRunPage(brief, content));
  await copyPublished(join(runs, brief.run), folder);
  const { level, scope } = brief;
  await writeDurably(
    join(folder, 'badge.svg'),
    badge({ verdict: brief.verdict ?? 'incomplete', level, scope }),
  );
}

async function readView(runs: string, id: string): Promise<RunView | null> {
  const collector = makeCollector();
  let view: RunView | null = null;
  for await (const record of readEvents(runs, id)) view = collector.add(record) ?? view;
  return view?.run === id ? view : null;
}
