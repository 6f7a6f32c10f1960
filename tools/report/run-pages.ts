import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { badge } from '@ccci/lib/pages/badge.ts';
import { makeCollector } from '@ccci/lib/pages/collect.ts';
import { olderRunPage } from '@ccci/lib/pages/older-run.ts';
import { runPage } from '@ccci/lib/pages/page.ts';
import type { RunView } from '@ccci/lib/pages/view.ts';
import { type Brief, briefOf, type Fields } from '@ccci/lib/records/brief.ts';
import { listRuns } from '@ccci/lib/runs/list.ts';
import { readEvents } from '@ccci/lib/runs/read.ts';
import { readResultsFile } from '@ccci/lib/runs/results-file.ts';
import { writeDurably } from '@ccci/lib/state/files.ts';
import { makeFolders } from '@ccci/lib/state/folders.ts';
import { isRunId } from './claimed-run.ts';
import { copyPublished } from './copy.ts';
import type { LiveLogs } from './live-logs.ts';

/** Where pages of runs lie: `report.directory`, the runs, and who copies the logs of those that go on. */
export type Place = { readonly directory: string; readonly runs: string; readonly live: LiveLogs };

/** Writes the page of a run and, once it is over, its files. */
export async function writePage(view: RunView, { directory, runs, live }: Place): Promise<void> {
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

/** Finished runs whose page is not there as a whole. */
export async function missingRuns(directory: string, runs: string): Promise<string[]> {
  const ids = (await listRuns(runs)).filter(isRunId);
  return ids.filter((id) => !existsSync(join(directory, 'runs', id, 'badge.svg')));
}

/** Writes the page of a finished run from its own records; of the replaced system's runs from its results. */
export async function writeMissing(id: string, place: Place): Promise<void> {
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
