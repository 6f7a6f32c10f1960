import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listRuns } from '@ccci/lib/runs/list.ts';
import { isRunId } from './claimed-run.ts';

/** Written last of a page, by report alone: what has none is not ours, or still being written. */
const mark = 'badge.svg';

/**
 * Removes the published files of runs that ccci-janitor has removed, and nothing else (docs/decisions/0022). Where no
 * run is to be seen at all their disk may be away: then everything stays.
 */
export async function dropPages(directory: string, runs: string): Promise<void> {
  const pages = join(directory, 'runs');
  // In this order: a run that begins meanwhile has no page yet.
  const published = (await listRuns(pages)).filter((id) => isRunId(id) && existsSync(join(pages, id, mark)));
  const there = new Set(await listRuns(runs));
  if (there.size === 0) return;
  for (const id of published) {
    if (!there.has(id)) await rm(join(pages, id), { recursive: true, force: true });
  }
}
