import { Failure } from '@ccci/lib/program/failure.ts';
import type { ErrorRecord } from '@ccci/lib/records/error.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { previewTrigger } from '@ccci/lib/stages/preview.ts';
import type { RunEnd, RunOptions, runTrigger } from '@ccci/lib/stages/run.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import { sayKept } from './keep-words.ts';
import type { removeLeftovers } from './leftovers.ts';
import { runOnce } from './run-once.ts';

export type Ready = { readonly engine: Engine } & Pick<RunOptions, 'environment'>;

/** How a run touches the engine; in one place, so that the rest can be proved without one. */
export type EngineSide = {
  /** Takes a trigger through all stages. */
  readonly carryOut: typeof runTrigger;
  /** Checks engine and client, once; `Failure` 69 when nothing can be deployed. */
  readonly ready: () => Promise<Ready>;
  /** Throws a `Failure` (75) while there is too little disk or memory for a run. */
  readonly checkRoom: () => Promise<void>;
  /** Looks at a trigger while it waits: no engine is touched, but all else that a run begins with. */
  readonly preview: typeof previewTrigger;
  /** Removes what earlier claims have left. */
  readonly removeLeftovers: typeof removeLeftovers;
};

export type WorkOptions = Pick<
  RunOptions,
  | 'runs'
  | 'owner'
  | 'domain'
  | 'ingress'
  | 'dependencies'
  | 'quotaMb'
  | 'screenshotMs'
  | 'draw'
  | 'testsDir'
  | 'allowLocal'
  | 'forgeUrls'
  | 'stores'
  | 'stamping'
  | 'limits'
> &
  EngineSide & {
    readonly state: string;
    /** How long the janitor leaves kept deployments alone, hours; undefined where none is to be kept. */
    readonly keptHours?: number | undefined;
    /** Says something on standard error. */
    readonly say: (message: string) => void;
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
 * Runs a trigger that nobody queued, as it is: nothing is claimed and nothing posted (triggers.md, step 5). An engine
 * that cannot be used, and a disk that is full, are an `error` record.
 */
export async function workHere(trigger: Trigger, options: WorkOptions): Promise<void> {
  try {
    const ready = await options.ready();
    await options.checkRoom();
    const allowLocal = options.allowLocal || trigger.forge === undefined;
    const keep = options.keptHours !== undefined;
    const own = { run: trigger.key, attempt: 1, allowLocal, keep, commit: async () => {} };
    const end = await runOnce(trigger, ready, options, own);
    if (keep && end.kind === 'finished') await sayKept(end.results, ready, options);
    if (end.kind === 'given-back' || end.failure === null) return;
    options.noteFailure(end.failure);
    if (end.kind === 'finished') await options.emit(options.errorRecord(end.failure, trigger.key));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    options.noteFailure(error);
    await options.emit(options.errorRecord(error, trigger.key));
  }
}
