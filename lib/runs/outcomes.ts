import { join } from 'node:path';
import { exitStatus, Failure, messageOf } from '../program/failure.ts';
import type { Results } from '../records/results.ts';
import { listRuns } from './list.ts';
import { readResults } from './results.ts';

/** What a run came to, as far as others ask for it. */
export type RunOutcome = Pick<
  Results,
  'run_id' | 'kind' | 'scope' | 'recipe' | 'ref' | 'verdict' | 'finished'
>;

/** Outcomes by the name of their recipe in lower case, each list oldest first. */
export type RunOutcomes = ReadonlyMap<string, readonly RunOutcome[]>;

/**
 * What every run that has results came to, from the runs' own records (L57). Each file is read once, and little of it
 * is kept. `Failure` 74 when something is there that cannot be read.
 */
export async function readOutcomes(runs: string): Promise<RunOutcomes> {
  const outcomes = new Map<string, RunOutcome[]>();
  for (const id of await reading(runs, listRuns(runs))) {
    const outcome = await readOne(runs, id);
    if (outcome === undefined) continue;
    const recipe = outcome.recipe.toLowerCase();
    const list = outcomes.get(recipe);
    if (list === undefined) outcomes.set(recipe, [outcome]);
    else list.push(outcome);
  }
  for (const list of outcomes.values()) list.sort(byTime);
  return outcomes;
}

async function readOne(runs: string, id: string): Promise<RunOutcome | undefined> {
  const results = await reading(join(runs, id, 'results.json'), readResults(runs, id));
  if (results === undefined) return undefined;
  const { run_id, kind, scope, recipe, ref, verdict, finished } = results;
  return { run_id, kind, scope, recipe, ref, verdict, finished };
}

async function reading<Value>(path: string, work: Promise<Value>): Promise<Value> {
  return work.catch((cause) => {
    const message = `cannot read ${path}: ${messageOf(cause)}`;
    const hint = 'give this user the right to read the runs';
    throw new Failure(exitStatus.inputOutput, 'runs-unreadable', message, { cause, hint });
  });
}

function byTime(one: RunOutcome, other: RunOutcome): number {
  return one.finished - other.finished || (one.run_id < other.run_id ? -1 : 1);
}
