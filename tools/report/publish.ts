import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { badge } from '@ccci/lib/pages/badge.ts';
import { makeCollector } from '@ccci/lib/pages/collect.ts';
import { overviewPage } from '@ccci/lib/pages/overview.ts';
import { runPage } from '@ccci/lib/pages/page.ts';
import { isPlainName } from '@ccci/lib/pages/published.ts';
import type { RunView } from '@ccci/lib/pages/view.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import { listRuns } from '@ccci/lib/runs/list.ts';
import { readEvents } from '@ccci/lib/runs/read.ts';
import { readResults } from '@ccci/lib/runs/results.ts';
import { writeDurably } from '@ccci/lib/state/files.ts';
import { makeFolders } from '@ccci/lib/state/folders.ts';
import { isRunId } from './claimed-run.ts';
import { copyPublished } from './copy.ts';
import { dropPages } from './drop-pages.ts';
import { makeSlots } from './slots.ts';

export type Publisher = {
  /** Writes a run's page, and, once it is over, its files, its recipe's badge and the overview. */
  readonly run: (view: RunView) => Promise<void>;
  /** Writes the pages of finished runs that could not be written when they ended, and then the overview. */
  readonly overview: () => Promise<void>;
  /** Resolves when nothing is being written. */
  readonly idle: () => Promise<void>;
};

export type PublisherOptions = {
  /** `report.directory`. */
  readonly directory: string;
  readonly runs: string;
  /** Pages are never in the way of a post: what fails is said, and that is all. */
  readonly complain: (error: unknown) => void;
};

/** Writes the pages, one at a time: of many that are missing too, so that the page of a run waits for one at most. */
export function makePublisher({ directory, runs, complain }: PublisherOptions): Publisher {
  const one = makeSlots(1);
  const guarded = (work: () => Promise<void>) => one(() => work().catch(complain));
  const noRuns = (error: unknown) => {
    complain(error);
    return [];
  };
  return {
    run: (view) => guarded(() => writeRun(view, directory, runs)),
    overview: async () => {
      for (const id of await missingRuns(directory, runs).catch(noRuns)) {
        await guarded(() => writeMissing(id, directory, runs));
      }
      await guarded(() => dropPages(directory, runs));
      await guarded(() => writeOverview(directory, runs));
    },
    idle: () => one(async () => {}),
  };
}

async function writeRun(view: RunView, directory: string, runs: string): Promise<void> {
  if (!isRunId(view.run)) return;
  await writePage(view, directory, runs);
  if (view.results === null) return;
  await dropPages(directory, runs);
  await writeOverview(directory, runs);
}

async function writePage(view: RunView, directory: string, runs: string): Promise<void> {
  const folder = join(directory, 'runs', view.run);
  await makeFolders(folder);
  await writeDurably(join(folder, 'index.html'), runPage(view));
  if (view.results === null) return;
  await copyPublished(join(runs, view.run), folder);
  // Last: it tells that all else is there.
  await writeDurably(join(folder, 'badge.svg'), badge(view.results));
}

async function missingRuns(directory: string, runs: string): Promise<string[]> {
  const ids = (await listRuns(runs)).filter(isRunId);
  return ids.filter((id) => !existsSync(join(directory, 'runs', id, 'badge.svg')));
}

async function writeMissing(id: string, directory: string, runs: string): Promise<void> {
  if ((await readResults(runs, id)) === undefined) return;
  const view = await readView(runs, id);
  if (view !== null && view.results !== null) await writePage(view, directory, runs);
}

async function readView(runs: string, id: string): Promise<RunView | null> {
  const collector = makeCollector();
  let view: RunView | null = null;
  for await (const record of readEvents(runs, id)) view = collector.add(record) ?? view;
  return view?.run === id ? view : null;
}

async function writeOverview(directory: string, runs: string): Promise<void> {
  const all: Results[] = [];
  for (const id of await listRuns(runs)) {
    const results = await readResults(runs, id);
    if (results !== undefined && isRunId(id) && results.run_id === id) all.push(results);
  }
  await makeFolders(join(directory, 'badge'));
  for (const [recipe, results] of newestOfEach(all)) {
    await writeDurably(join(directory, 'badge', `${recipe}.svg`), badge(results));
  }
  await writeDurably(join(directory, 'index.html'), overviewPage(all));
}

/** A partial run leaves the badge alone, and so does one that says nothing about the recipe (stages.md, Verdict). */
function newestOfEach(all: readonly Results[]): Map<string, Results> {
  const judged = all.filter(
    ({ scope, verdict }) => scope === 'full' && (verdict === 'green' || verdict === 'red'),
  );
  const named = judged.filter(({ recipe }) => isPlainName(recipe));
  return new Map(
    [...named].sort((a, b) => a.finished - b.finished).map((results) => [results.recipe, results]),
  );
}
