import { join } from 'node:path';
import { exitStatus, Failure, messageOf } from '@ccci/lib/program/failure.ts';
import { runIdSchema } from '@ccci/lib/records/common.ts';
import type { JanitorRecord } from '@ccci/lib/records/janitor.ts';
import { holdDead, type RunHold, readTraces } from '@ccci/lib/runs/dead.ts';
import { listRuns } from '@ccci/lib/runs/list.ts';
import { listClosedSlots, openSlot } from '@ccci/lib/state/closed-slots.ts';
import { labelsOf, listThings, runLabel, type Thing } from '@ccci/lib/swarm/owned.ts';
import pLimit from 'p-limit';
import { clearRun } from './clear-run.ts';
import type { JanitorOptions } from './janitor.ts';

/** Runs that are cleared at a time: an engine's teardown is mostly waiting. */
const width = 4;
const hourMs = 3_600_000;

/** Folders of the system before this one; they have no lock, and are not ours to touch (stages.md, Directory of a run). */
const older = /^\d+$/;

/** Removes whatever dead runs have left: on the engine, of their processes, in their `work`. */
export async function* clearDeadRuns(options: JanitorOptions): AsyncGenerator<JanitorRecord> {
  const { owner, say } = options;
  const things = await listOwned(options);
  if (things.failure !== null) yield say({ did: 'left', what: 'things on the engine', why: things.failure });
  for (const thing of things.byRun.get('') ?? []) {
    const why = `it carries ccci.owner=${owner} and no run that could be asked`;
    yield say({ did: 'left', what: `${thing.kind} ${thing.name}`, why });
  }
  const limit = pLimit(width);
  const suspects = await listSuspects(things.byRun, options);
  const works = suspects.map((run) => limit(() => lookAtRun(run, things.byRun.get(run) ?? [], options)));
  for (const work of works) yield* await work;
}

/**
 * Removes one run from the engine at once, kept or not. `Failure` 65 where there is no such run, 75 where somebody is at
 * work in it.
 */
export async function* clearOne(run: string, options: JanitorOptions): AsyncGenerator<JanitorRecord> {
  const { runs } = options;
  const hold = runIdSchema.safeParse(run).success
    ? await holdDead(runs, run, { ...options, isOver: () => true })
    : ({ kind: 'absent' } as const);
  if (hold.kind !== 'dead') throw cannotClear(run, hold.kind, runs);
  try {
    yield* await clearRun(run, options);
  } finally {
    hold.lock.release();
  }
}

function cannotClear(run: string, kind: Exclude<RunHold['kind'], 'dead'>, runs: string): Failure {
  if (kind === 'absent') {
    const message = `there is no run ${JSON.stringify(run)} in ${runs}`;
    return new Failure(exitStatus.badInput, 'no-run', message, { hint: 'see --runs and --state' });
  }
  if (kind === 'shared') {
    const message = `${run} is a dependency that stays up between runs`;
    return new Failure(exitStatus.badInput, 'shared', message, { hint: 'give --shared as well' });
  }
  const why = kind === 'unlocked' ? 'it has no lock, so nobody can say whether it lives' : 'it is in use';
  return new Failure(exitStatus.leftOver, 'run-locked', `run ${run} is left alone: ${why}`, {
    hint: 'it goes on, or somebody is attached to it: end that first',
  });
}

type Owned = { readonly byRun: ReadonlyMap<string, readonly Thing[]>; readonly failure: string | null };

/** What carries our label, by run; under the empty name what names no run. */
async function listOwned({ engine, owner }: JanitorOptions): Promise<Owned> {
  const byRun = new Map<string, Thing[]>();
  if (engine === null) return { byRun, failure: null };
  try {
    for (const thing of await listThings(engine, labelsOf({ owner }))) {
      const { success, data } = runIdSchema.safeParse(thing.labels[runLabel]);
      const run = success ? data : '';
      byRun.set(run, [...(byRun.get(run) ?? []), thing]);
    }
    return { byRun, failure: null };
  } catch (error) {
    return { byRun, failure: messageOf(error) };
  }
}

/** Runs that may have left something: those that the engine knows, that never ended, or that closed a slot. */
async function listSuspects(
  byRun: ReadonlyMap<string, unknown>,
  { state, runs }: JanitorOptions,
): Promise<string[]> {
  const suspects = new Set([...byRun.keys()].filter((run) => run !== ''));
  for (const { run } of await listClosedSlots(state)) suspects.add(run);
  for (const run of await listRuns(runs)) {
    if (older.test(run) || !runIdSchema.safeParse(run).success) continue;
    const { hasResults, hasWork } = await readTraces(runs, run);
    if (!hasResults || hasWork) suspects.add(run);
  }
  return [...suspects].sort();
}

/** Under the run's lock, which is taken from a dead one only (L21). */
async function lookAtRun(
  run: string,
  things: readonly Thing[],
  options: JanitorOptions,
): Promise<JanitorRecord[]> {
  const { runs, withShared, stopping, keptHours, now, say } = options;
  if (stopping.aborted) return [];
  const keptMs = keptHours * hourMs;
  const isOver = (usedAt: number) => now().getTime() - usedAt >= keptMs;
  const hold = await holdDead(runs, run, { withShared, isOver });
  if (hold.kind === 'dead') {
    try {
      return await clearRun(run, options);
    } finally {
      hold.lock.release();
    }
  }
  if (hold.kind === 'kept') {
    const until = new Date(hold.usedAt + keptMs).toISOString();
    const why = `ccci-stage --keep, until ${until}; ccci-janitor --run ${run} removes it`;
    return [say({ did: 'kept', what: `deployment of run ${run}`, why, run })];
  }
  if (hold.kind === 'alive' || hold.kind === 'shared') return [];
  const where = hold.kind === 'absent' ? `there is no ${join(runs, run)}` : `${join(runs, run)} has no lock`;
  return leaveAlone(run, things, where, options);
}

/** Nobody can say whether it lives. Where the engine has nothing of it, there is nothing to be careful of. */
async function leaveAlone(
  run: string,
  things: readonly Thing[],
  where: string,
  { engine, state, isDry, say }: JanitorOptions,
): Promise<JanitorRecord[]> {
  const why = `${where}: nobody can say whether its run lives`;
  if (things.length > 0)
    return things.map(({ kind, name }) => say({ did: 'left', what: `${kind} ${name}`, why, run }));
  const isClosed = (await listClosedSlots(state)).some((slot) => slot.run === run);
  if (!isClosed) return [say({ did: 'left', what: `directory of run ${run}`, why, run })];
  if (engine === null) return [];
  if (!isDry) await openSlot(state, run);
  return [say({ did: 'opened', what: `slot of run ${run}`, why: 'nothing of it is on the engine', run })];
}
