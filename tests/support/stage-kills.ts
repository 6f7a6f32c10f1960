import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stackName } from '@ccci/lib/recipe/names.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { listOfRun } from '@ccci/lib/runs/processes.ts';
import type { Test } from 'tap';
import { byHand, type Checkout, type Home, startStage } from '../tools/stage/home.ts';
import { is, type Started, start } from '../tools/stage/start.ts';
import { leftOnEngine, nothing } from './journey/left.ts';

/** What a killed run had come to. */
export type Victim = { readonly run: string; readonly stack: string; readonly at: string };

/** Starts a run, kills its stage when `isTime` comes true, and gives what was killed; null where the run was faster. */
export async function killRun(
  home: Home,
  checkout: Checkout,
  isTime: (run: Started) => Promise<unknown>,
): Promise<Victim | null> {
  const run = startStage(home, [byHand(checkout)]);
  const started = await run.until(is('run.started'), 'the run begins');
  await Promise.race([isTime(run), run.ended]);
  try {
    run.signal('SIGKILL');
  } catch {
    // It was through already.
  }
  const { exit, records } = await run.ended;
  if (exit !== 'SIGKILL') return null;
  const last = records.at(-1) as AnyRecord;
  return {
    run: String(started.run),
    stack: stackName(String(started.domain)),
    at: `${last.type} ${last.stage ?? ''}`.trim(),
  };
}

/** Starts the janitor, and proves that nothing of a killed run is left. */
export async function expectCleared(t: Test, home: Home, { run, stack, at }: Victim): Promise<void> {
  const { exit, records, stderr } = await start(['ccci-janitor'], { cwd: home.dir, env: home.env }).ended;
  const what = `killed at ${at}`;
  t.equal(exit, 0, `${what}: ${stderr}`);
  t.same(
    records.filter(({ did }) => did === 'left'),
    [],
  );
  t.same(leftOnEngine(stack), nothing, `${what}: nothing is left on the engine`);
  t.notOk(existsSync(join(home.runs, run, 'work')), `${what}: checkout, secrets and snapshots are gone`);
  const directory = join(home.runs, run);
  t.same(await listOfRun({ directory, stacks: [stack] }), [], `${what}: no process is left`);
}

/** Runs a checkout over and over beside whatever else goes on, until it is told to stop; gives what the runs came to. */
export function keepRunning(home: Home, checkout: Checkout) {
  const state = { isStopped: false };
  const results: Results[] = [];
  const loop = async () => {
    do {
      const { records } = await startStage(home, [byHand(checkout)]).ended;
      const run = String(records.find(is('run.started'))?.run);
      results.push(resultsOf(home, run));
    } while (!state.isStopped);
    return results;
  };
  const done = loop();
  return {
    stop: () => {
      state.isStopped = true;
      return done;
    },
  };
}

export function resultsOf({ runs }: Home, run: string): Results {
  return JSON.parse(readFileSync(join(runs, run, 'results.json'), 'utf8')) as Results;
}
