import { Failure } from '@ccci/lib/program/failure.ts';
import type { ErrorRecord } from '@ccci/lib/records/error.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import { endedBy } from '@ccci/lib/stages/ended.ts';
import type { RunEnd, RunOptions, runTrigger } from '@ccci/lib/stages/run.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import { runQueued } from './queued.ts';
import { runOnce } from './run-once.ts';
import { dropWaiting } from './settle.ts';

export type Ready = { readonly engine: Engine; readonly environment: Readonly<Record<string, unknown>> };

export type WorkOptions = Pick<
  RunOptions,
  'runs' | 'owner' | 'domain' | 'testsDir' | 'allowLocal' | 'forgeUrls' | 'stamping'
> & {
  readonly state: string;
  /** Takes a trigger through all stages. */
  readonly carryOut: typeof runTrigger;
  /** Checks engine, client and tools, once; `Failure` 69 when nothing can be deployed. */
  readonly ready: () => Promise<Ready>;
  /** Aborted with an `Ended`. */
  readonly signal: AbortSignal;
  readonly emit: (record: object) => Promise<void>;
  readonly errorRecord: (failure: Failure, key: string) => ErrorRecord;
  /** Says a failure on standard error that is the run's outcome and not the program's. */
  readonly noteTrouble: (failure: Failure) => void;
  /** Says a failure on standard error and keeps its exit status. */
  readonly noteFailure: (failure: Failure) => void;
  readonly noteBad: (record: ErrorRecord) => void;
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
    await options.emit(options.errorRecord(error, trigger.key));
  }
}

async function runHere(trigger: Trigger, ready: Ready, options: WorkOptions): Promise<void> {
  const allowLocal = options.allowLocal || trigger.forge === undefined;
  const own = { run: trigger.key, attempt: 1, allowLocal, commit: async () => {} };
  const end = await runOnce(trigger, ready, options, own);
  if (end.kind === 'given-back' || end.failure === null) return;
  options.noteFailure(end.failure);
  if (end.kind === 'finished') await options.emit(options.errorRecord(end.failure, trigger.key));
}
