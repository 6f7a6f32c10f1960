import { join } from 'node:path';
import { makeChannel } from '@ccci/lib/program/channel.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { runIdSchema } from '@ccci/lib/records/common.ts';
import { markKept, readKeptAt } from '@ccci/lib/runs/kept.ts';
import { listRuns } from '@ccci/lib/runs/list.ts';
import { readResults } from '@ccci/lib/runs/results.ts';
import { type AttachOptions, runAttached } from '@ccci/lib/stages/attach.ts';
import { readKeptDeployment } from '@ccci/lib/stages/kept-deployment.ts';
import { type Lock, lockExisting } from '@ccci/lib/state/lock.ts';
import type { Endings } from './active.ts';
import { runActive } from './active.ts';
import { showEvents } from './run-once.ts';
import type { WorkOptions } from './work.ts';

export type AttachWork = Omit<WorkOptions, 'signal' | 'emit'> & Endings;

/**
 * Runs custom tests again against the deployment of a run that was kept; its records come out as a run's do. `Failure`
 * 65 for a run that is not there or not kept, 75 for one that somebody else holds or whose deployment is gone.
 */
export async function* attach(run: string, options: AttachWork): AsyncGenerator<object> {
  const channel = makeChannel<object>();
  void attachTo(run, options, channel.push).then(channel.end, channel.fail);
  yield* channel.items();
}

async function attachTo(
  id: string,
  options: AttachWork,
  emit: (record: object) => Promise<void>,
): Promise<void> {
  const { runs, stamping } = options;
  const { engine, environment } = await options.ready();
  const dir = join(runs, id);
  const lock = await lockKept(runs, id);
  try {
    await markKept(dir, stamping.now());
    const run = await nextId(runs, id);
    const deployment = await readKeptDeployment(dir);
    const kept = { id, dir, deployment };
    let shown: Promise<void> = Promise.resolve();
    const onEvents: AttachOptions['onEvents'] = (events) => {
      shown = showEvents(events, emit);
      shown.catch(() => {});
    };
    await runActive({ triggers: [deployment.plan.trigger], claimed: null }, options, async ({ signal }) => {
      const end = await runAttached({ ...options, engine, environment, signal, run, kept, onEvents });
      options.noteEnd(end);
    }).finally(() => shown);
  } finally {
    lock.release();
  }
}

/** Takes the lock of a run that is kept: one attaches at a time, and nobody removes it meanwhile. */
async function lockKept(runs: string, id: string): Promise<Lock> {
  const dir = join(runs, id);
  const isKnown = runIdSchema.safeParse(id).success && (await listRuns(runs)).includes(id);
  if (!isKnown) {
    const hint = `the first line that ccci-stage --keep says at its end names it; runs are in ${runs}`;
    throw new Failure(exitStatus.badInput, 'no-run', `there is no run ${JSON.stringify(id)}`, { hint });
  }
  const lock = await lockExisting(join(dir, 'lock'));
  if (lock === null) {
    const message = `run ${id} is in use: it goes on, somebody is attached to it, or it is being removed`;
    throw new Failure(exitStatus.leftOver, 'run-locked', message, { hint: 'wait until that has ended' });
  }
  if ((await readKeptAt(dir)) !== null) return lock;
  lock.release();
  throw await notKept(runs, id);
}

async function notKept(runs: string, id: string): Promise<Failure> {
  const results = await readResults(runs, id);
  const hint = 'keep a new one with ccci-stage --keep --recipe DIR';
  return results?.flags.kept === true
    ? new Failure(exitStatus.badInput, 'kept-gone', `run ${id} is not kept any more: it was removed`, {
        hint,
      })
    : new Failure(exitStatus.badInput, 'not-kept', `run ${id} is not kept: nothing of it is up`, { hint });
}

/** Attached runs are counted; whoever counts holds the lock of the kept one. */
async function nextId(runs: string, id: string): Promise<string> {
  const prefix = `${id}.attach-`;
  const numbers = (await listRuns(runs))
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(name.slice(prefix.length)))
    .filter(Number.isInteger);
  return `${prefix}${Math.max(0, ...numbers) + 1}`;
}
