import { rm } from 'node:fs/promises';
import type { DrawResults } from '../pictures/draw-results.ts';
import type { Failure } from '../program/failure.ts';
import type { RunLimits } from '../recipe/run-limits.ts';
import type { Drop } from '../records/drop.ts';
import { dropOf } from '../records/drop-of.ts';
import type { Results } from '../records/results.ts';
import type { Trigger } from '../records/trigger.ts';
import { type EventLog, openEventLog } from '../runs/events.ts';
import { openRun, type RunDirectory } from '../runs/open.ts';
import type { Engine } from '../swarm/engine.ts';
import { beginRun } from './begin.ts';
import { type CheckedOut, type CheckOutOptions, checkOut, givenUp } from './check-out.ts';
import type { Environment } from './differences.ts';
import type { Ingress } from './ingress.ts';
import { runPlan } from './run-plan.ts';
import { makeTimeLimit } from './time-limit.ts';

export type RunOptions = CheckOutOptions & {
  /** Run id: the key, with `.2` and so on for further attempts. */
  readonly run: string;
  readonly attempt: number;
  readonly kind: Results['kind'];
  readonly runs: string;
  /** Content of `$CCCI_STATE/id`. */
  readonly owner: string;
  /** Domain below which the run gets its own. */
  readonly domain: string;
  readonly ingress: Ingress;
  /** Repositories of recipes that others need, by name; those that are not here are looked for beside the recipe's. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** What the run's volumes and containers may hold together, in MiB; no bound by default. */
  readonly quotaMb?: number;
  readonly engine: Engine;
  /** What a service may take where its recipe sets no limit. */
  readonly limits?: RunLimits | undefined;
  /** How long a picture of the landing page may take, ms; without it none is taken. */
  readonly screenshotMs?: number | undefined;
  /** Draws what shows the result: summary card and badge. Without it there are none. */
  readonly draw?: DrawResults | undefined;
  /** Asked first when the checkout has begun, for it starts processes; answered once, never an error. */
  readonly environment: () => Promise<Environment>;
  /** Ends the run before it begins, as infrastructure's doing, with this reason. */
  readonly giveUp?: string;
  /** The deployment of the commit stays up when the run is through. */
  readonly keep?: boolean;
  /** Called as soon as the run's log exists: what follows it is the program's output. */
  readonly onEvents: (events: EventLog) => void;
  /** Called when the outcome is durable and before anybody sees it (triggers.md, step 10). */
  readonly commit: (record: object) => Promise<void>;
};

export type RunEnd =
  | {
      readonly kind: 'finished';
      readonly results: Results;
      readonly bugs: readonly Error[];
      /** Why there was nothing to run, where the checkout failed. */
      readonly failure: Failure | null;
    }
  | { readonly kind: 'dropped'; readonly drop: Drop; readonly failure: Failure }
  /** Ended by a stop of the service: torn down, to be run again. */
  | { readonly kind: 'given-back' };

/**
 * Takes one trigger through all stages, from checkout to teardown, and leaves nothing behind but its directory.
 * `options.signal` is aborted with an `Ended`: by a person, a newer trigger, a stop of the service.
 */
export async function runTrigger(trigger: Trigger, options: RunOptions): Promise<RunEnd> {
  const directory = await openRun({ runs: options.runs, id: options.run });
  try {
    return await runIn(directory, trigger, options);
  } finally {
    await directory.close();
  }
}

async function runIn(directory: RunDirectory, trigger: Trigger, options: RunOptions): Promise<RunEnd> {
  const events = await openEventLog(directory.dir);
  const limit = makeTimeLimit(options.signal, () => performance.now());
  options.onEvents(events);
  try {
    const begun = await beginRun(trigger, options, { events, directory, limit });
    void options.environment();
    const found =
      options.giveUp === undefined
        ? await checkOut(trigger, options, directory.work)
        : givenUp(trigger, options.giveUp, options.stamping);
    if (found.kind === 'drop') return await dropTrigger(trigger, found, options, events, directory);
    return await runPlan(trigger, found, { ...options, signal: limit.signal }, begun);
  } finally {
    limit.stop();
    await events.close();
  }
}

async function dropTrigger(
  trigger: Trigger,
  { reason, failure }: Extract<CheckedOut, { kind: 'drop' }>,
  options: RunOptions,
  events: EventLog,
  directory: RunDirectory,
): Promise<RunEnd> {
  const detail = failure.hint === undefined ? failure.message : `${failure.message} (${failure.hint})`;
  const drop = dropOf(trigger, { reason, detail }, options.stamping);
  await events.appendHeld(drop);
  await options.commit(drop);
  events.release();
  await rm(directory.dir, { recursive: true, force: true });
  return { kind: 'dropped', drop, failure };
}
