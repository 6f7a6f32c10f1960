import type { JanitorRecord } from '@ccci/lib/records/janitor.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import { clearDeadRuns, clearOne } from './dead-runs.ts';
import { pruneImages } from './images.ts';
import { reviveClaims, thinDone } from './queue.ts';
import { retire } from './retire.ts';
import type { Say } from './say.ts';
import { clearRemoved, clearTemporary } from './temporary.ts';

export type JanitorOptions = {
  readonly state: string;
  readonly runs: string;
  /** Null where it is away: what needs it waits for another time. */
  readonly engine: Engine | null;
  /** Content of `<state>/id`: nothing of anybody else is touched. */
  readonly owner: string;
  /** Domain below which runs have theirs. */
  readonly domain: string;
  /** Dependencies that stay up between runs go too. */
  readonly withShared: boolean;
  /** Only this run is looked at, and removed from the engine even where it is kept; null for all. */
  readonly only: string | null;
  /** How long a kept deployment is left alone after its last use. */
  readonly keptHours: number;
  /** What all run directories may take of the disk, MiB; null without bound. */
  readonly quotaMb: number | null;
  readonly keepDays: number;
  readonly keepRuns: number;
  readonly keepBrokenDays: number;
  readonly imagesAbovePercent: number;
  /** Nothing is touched, only said. */
  readonly isDry: boolean;
  readonly now: () => Date;
  readonly wait: (ms: number) => Promise<unknown>;
  readonly warn: (message: string) => void;
  /** Aborted when no further thing is to be begun. */
  readonly stopping: AbortSignal;
  readonly say: Say;
};

/**
 * Removes what no live run owns, first on the engine, then in the queue and on the disk, and says each thing. Nothing is
 * thrown for what cannot be removed: that is `left`, for the next time.
 */
export async function* janitor(options: JanitorOptions): AsyncGenerator<JanitorRecord> {
  if (options.only !== null) {
    yield* clearOne(options.only, options);
    return;
  }
  const parts = [clearDeadRuns, clearRemoved, reviveClaims, retire, thinDone, clearTemporary, pruneImages];
  for (const part of parts) {
    if (options.stopping.aborted) return;
    yield* part(options);
  }
}
