import type { Asked, Now, RunningNow } from '@ccci/lib/pages/now.ts';
import type { RunView } from '@ccci/lib/pages/view.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { Places, Running } from '@ccci/lib/runs/place.ts';
import { openProgress } from '@ccci/lib/runs/progress.ts';
import { attemptsOf } from '@ccci/lib/state/attempts.ts';
import { journalPath } from '@ccci/lib/state/layout.ts';
import { readJournal } from '@ccci/lib/state/queue.ts';
import { isRunId } from './claimed-run.ts';

/** What waits, as far as the overview shows it. */
const shown = 50;

export type NowOptions = {
  readonly state: string;
  readonly runs: string;
  readonly places: Places;
  /** Runs that came through the pipe. */
  readonly views: () => readonly RunView[];
  readonly hasPage: (run: string) => boolean;
  /** True for a run that is over, whatever its queue file says yet. */
  readonly isOver: (run: string) => boolean;
};

/** Tells what runs and what waits: from the queue, and of runs without a queue from the pipe. */
export function makeNow(options: NowOptions): () => Promise<Now> {
  const progress = openProgress(options.runs);
  return async () => {
    const { running, waiting, more } = await options.places.first(shown);
    const claimed = new Map<string, RunningNow>();
    for (const one of running) {
      const run = await runOf(one, options.state);
      if (run === null || claimed.has(run) || options.isOver(run)) continue;
      const rest = { run, stage: await progress.stageOf(run), hasPage: options.hasPage(run) };
      claimed.set(run, { ...askedOf(one.record), ...rest, since: secondsOf(one.sinceMs) });
    }
    progress.keep(new Set(claimed.keys()));
    return {
      running: [...claimed.values(), ...fromPipe(options)],
      waiting: waiting.map(({ record, place, etaMs }) => ({ ...askedOf(record), place, etaMs })),
      more,
    };
  };
}

/** The run of the last claim; null where its journal has gone, or names none that could be a folder. */
async function runOf({ file }: Running, state: string): Promise<string | null> {
  const { lastRun } = attemptsOf(await readJournal(journalPath(state, 'cur', file)));
  return lastRun !== null && isRunId(lastRun) ? lastRun : null;
}

/** Of what lies in a queue, the queue alone says whether it runs. */
function fromPipe({ views, hasPage, isOver }: NowOptions): RunningNow[] {
  return views().flatMap(({ run, trigger, started, results, drop, stages }) => {
    if (started === null || results !== null || drop !== null || !isRunId(run) || isOver(run)) return [];
    if (trigger === null || trigger.spool !== undefined) return [];
    const stage = stages.findLast(({ status }) => status === 'running')?.name ?? null;
    const since = secondsOf(Date.parse(started.at));
    return [{ ...askedOf(trigger), run, stage, since, hasPage: hasPage(run) }];
  });
}

/** Nothing of who asked, or how. */
function askedOf({ recipe, ref, pr }: Trigger): Asked {
  return { recipe, ref, pr: pr === undefined ? null : { number: pr.number, url: pr.url, title: pr.title } };
}

function secondsOf(ms: number): number | null {
  return ms > 0 ? Math.floor(ms / 1000) : null;
}
