import type { AnyRecord } from '../records/types.ts';
import { readEvents } from './read.ts';
import { readResults } from './results.ts';

/** `run.finished` of a run whose results are durable; null where there is none. */
export async function finishedOf(runs: string, run: string): Promise<AnyRecord | null> {
  if ((await readResults(runs, run)) === undefined) return null;
  for await (const record of readEvents(runs, run)) {
    if (record.type === 'run.finished') return record;
  }
  return null;
}
