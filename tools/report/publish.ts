import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunView } from '@ccci/lib/pages/view.ts';
import { openKnownRuns } from '@ccci/lib/runs/known-runs.ts';
import type { Places } from '@ccci/lib/runs/place.ts';
import { writeAssets } from './assets.ts';
import { isRunId } from './claimed-run.ts';
import { dropPages } from './drop-pages.ts';
import { makeLiveLogs } from './live-logs.ts';
import { makeNow } from './now.ts';
import { makePaced } from './paced.ts';
import { missingRuns, writeMissing, writePage } from './run-pages.ts';
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
  /** Gets what people should know: a file of a run that nobody can use, scripts that are missing. */
  readonly warn: (message: string) => void;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Pages are never in the way of a post: what fails is said, and that is all. */
  readonly complain: (error: unknown) => void;
};

const noAssets =
  'the folder site/ with the scripts of the pages does not lie beside the program: the pages come without live log and search; install the package as a whole';

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
      await guarded(async () => {
        if (!(await writeAssets(directory))) warn(noAssets);
      });
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
