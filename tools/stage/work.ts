import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { runDomain, stackName } from '@ccci/lib/recipe/names.ts';
import type { ErrorRecord } from '@ccci/lib/records/error.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { EventLog } from '@ccci/lib/runs/events.ts';
import { endedBy } from '@ccci/lib/stages/ended.ts';
import { type RunEnd, type RunOptions, runTrigger } from '@ccci/lib/stages/run.ts';
import { type Claimed, claim } from '@ccci/lib/state/queue.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import { removeRun } from '@ccci/lib/swarm/remove.ts';
import { dropWaiting, finishedOf } from './settle.ts';

const mostAttempts = 3;
const removeLimitMs = 120_000;

export type Ready = { readonly engine: Engine; readonly environment: Readonly<Record<string, unknown>> };

export type WorkOptions = Pick<
  RunOptions,
  'runs' | 'owner' | 'domain' | 'testsDir' | 'allowLocal' | 'forgeUrls' | 'stamping'
> & {
  readonly state: string;
  /** Checks engine, client and tools, once; `Failure` 69 when nothing can be deployed. */
  readonly ready: () => Promise<Ready>;
  /** Aborted with an `Ended`. */
  readonly signal: AbortSignal;
  readonly emit: (record: object) => Promise<void>;
  readonly errorRecord: (message: string, hint: string | undefined, key: string) => ErrorRecord;
  /** Says a failure on standard error and keeps its exit status. */
  readonly noteFailure: (failure: Failure) => void;
  readonly noteBad: (record: { readonly message: string }) => void;
  readonly noteBug: (error: unknown) => void;
  readonly noteEnd: (end: RunEnd) => void;
};

/**
 * Works on one trigger: with `spool` only if its file can be claimed, else as it is. An engine that cannot be used is
 * an `error` record, and a queued trigger stays where it is for the next start.
 */
export async function workOn(trigger: Trigger, options: WorkOptions): Promise<void> {
  const ended = endedBy(options.signal);
  if (ended !== null) {
    const drop = ended.verdict === 'cancelled' ? await dropWaiting(trigger, ended.why, options) : null;
    if (drop !== null) await options.emit(drop);
    return;
  }
  try {
    const ready = await options.ready();
    if (trigger.spool === undefined) await runHere(trigger, ready, options);
    else await runQueued(trigger.spool, ready, options);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    options.noteFailure(error);
    await options.emit(options.errorRecord(error.message, error.hint, trigger.key));
  }
}

async function runHere(trigger: Trigger, ready: Ready, options: WorkOptions): Promise<void> {
  const allowLocal = options.allowLocal || trigger.forge === undefined;
  const own = { run: trigger.key, attempt: 1, allowLocal, commit: async () => {} };
  const end = await runOnce(trigger, ready, options, own);
  if (end.kind !== 'finished' || end.failure === null) return;
  const { code, message, hint } = end.failure;
  options.noteFailure(new Failure(exitStatus.badInput, code, message, { cause: end.failure, hint }));
  await options.emit(options.errorRecord(message, hint, trigger.key));
}

async function runQueued(file: string, ready: Ready, options: WorkOptions): Promise<void> {
  const claimed = await claim(options.state, file, { stamping: options.stamping });
  if (claimed === null) return;
  try {
    if (await commitFinished(claimed, options)) return;
    await removeLeftovers(claimed, ready.engine, options);
    const { run, attempt, commit } = claimed;
    const giveUp = attempt > mostAttempts ? { giveUp: `ccci died ${mostAttempts} times on this` } : {};
    const end = await runOnce(claimed.trigger, ready, options, { run, attempt, commit, ...giveUp });
    if (end.kind === 'given-back') await claimed.giveBack();
  } catch (error) {
    claimed.release();
    throw error;
  }
}

/** A dead claim whose result is there is committed, not run again (triggers.md, step 10). */
async function commitFinished(claimed: Claimed, options: WorkOptions): Promise<boolean> {
  if (claimed.previous === null) return false;
  const finished = await finishedOf(options.runs, claimed.previous);
  if (finished === null) return false;
  await claimed.commit(finished);
  await options.emit(finished);
  return true;
}

/** What a claim that died has left on the engine is removed before the next attempt (triggers.md, step 9). */
async function removeLeftovers(claimed: Claimed, engine: Engine, options: WorkOptions): Promise<void> {
  if (claimed.previous === null) return;
  const { trigger, previous: run } = claimed;
  const stack = stackName(runDomain({ recipe: trigger.recipe, run, base: options.domain }));
  await removeRun(engine, { stack, run, owner: options.owner, timeoutMs: removeLimitMs });
}

type OwnOptions = Pick<RunOptions, 'run' | 'attempt' | 'commit'> &
  Partial<Pick<RunOptions, 'giveUp' | 'allowLocal'>>;

async function runOnce(
  trigger: Trigger,
  ready: Ready,
  options: WorkOptions,
  own: OwnOptions,
): Promise<RunEnd> {
  let shown: Promise<void> = Promise.resolve();
  const end = await runTrigger(trigger, {
    ...options,
    ...ready,
    ...own,
    kind: trigger.pr === undefined ? (trigger.source === 'sweep' ? 'sweep' : 'hand') : 'pull',
    onEvents: (events) => {
      shown = show(events, options);
    },
  });
  await shown;
  options.noteEnd(end);
  return end;
}

/** Feeds the output from the run's log; the trigger itself was passed on before the run began. */
async function show(events: EventLog, options: WorkOptions): Promise<void> {
  for await (const record of events.follow()) {
    if (record.type !== 'trigger') await options.emit(record);
  }
}
