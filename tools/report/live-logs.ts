import { join } from 'node:path';
import { growCopy } from './grow.ts';

/** Keeps `runs/<id>/events.ndjson` of the pages growing while a run goes on: what their live log reads. */
export type LiveLogs = {
  /** From now on; what is there already at once. */
  readonly follow: (run: string) => Promise<void>;
  /** No longer: the whole of it was copied. What is not published at the end does not stay either. */
  readonly settle: (run: string) => Promise<void>;
  /** Ends all of it. */
  readonly stop: () => Promise<void>;
};

export type LiveLogsOptions = {
  readonly directory: string;
  readonly runs: string;
  readonly complain: (error: unknown) => void;
  /** How often it is looked at what is new, in ms. */
  readonly everyMs?: number;
};

const name = 'events.ndjson';

/** One look at a time; a run whose copy cannot be made is complained about and tried again. */
export function makeLiveLogs({ directory, runs, complain, everyMs = 1_000 }: LiveLogsOptions): LiveLogs {
  const followed = new Set<string>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let looking: Promise<void> = Promise.resolve();
  const grow = (run: string) =>
    growCopy(join(runs, run), name, join(directory, 'runs', run, name)).catch(complain);
  const after = (work: () => Promise<void>) => {
    looking = looking.then(work);
    return looking;
  };
  let isAsked = false;
  const look = () => {
    // A slow disk: what was asked for is still to be done.
    if (isAsked) return;
    isAsked = true;
    void after(async () => {
      isAsked = false;
      for (const run of followed) await grow(run);
    });
  };
  const end = () => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    follow: async (run) => {
      followed.add(run);
      timer ??= setInterval(look, everyMs).unref();
      await after(() => grow(run));
    },
    settle: async (run) => {
      followed.delete(run);
      if (followed.size === 0) end();
      await after(() => grow(run));
    },
    stop: () => {
      end();
      followed.clear();
      return looking;
    },
  };
}
