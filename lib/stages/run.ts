import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Discovery } from '../plan/discover.ts';
import type { Failure } from '../program/failure.ts';
import { runDomain, stackName } from '../recipe/names.ts';
import type { Drop } from '../records/drop.ts';
import { stamp } from '../records/encode.ts';
import type { Plan } from '../records/plan.ts';
import type { Results } from '../records/results.ts';
import type { Trigger } from '../records/trigger.ts';
import { type EventLog, openEventLog } from '../runs/events.ts';
import { type Masker, makeMasker } from '../runs/mask.ts';
import { openRun, type RunDirectory } from '../runs/open.ts';
import type { Engine } from '../swarm/engine.ts';
import { type CheckedOut, type CheckOutOptions, checkOut, givenUp } from './check-out.ts';
import type { RunContext } from './context.ts';
import { type Ended, endedBy } from './ended.ts';
import { finishRun } from './finish.ts';
import { type Played, playStages } from './play.ts';
import { makeRecorder, type Recorder } from './recorder.ts';
import { makeTimeLimit, type TimeLimit } from './time-limit.ts';

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
  readonly engine: Engine;
  readonly environment: Readonly<Record<string, unknown>>;
  /** Ends the run before it begins, as infrastructure's doing, with this reason. */
  readonly giveUp?: string;
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
  const limit = makeTimeLimit(options.signal, () => options.stamping.now().getTime());
  options.onEvents(events);
  try {
    await events.append(trigger);
    const startedAt = options.stamping.now();
    const found =
      options.giveUp === undefined
        ? await checkOut(trigger, options, directory.work)
        : givenUp(trigger, options.giveUp, options.stamping);
    if (found.kind === 'drop') return await dropTrigger(trigger, found, options, events, directory);
    return await runPlan(
      trigger,
      found,
      { ...options, signal: limit.signal },
      { events, directory, startedAt, limit },
    );
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
  const { key, forge, owner, name, pr, comment } = trigger;
  const detail = failure.hint === undefined ? failure.message : `${failure.message}; ${failure.hint}`;
  const drop = stamp(
    { type: 'drop', key, reason, detail, forge, owner, name, pr, comment },
    options.stamping,
  ) as Drop;
  await events.appendHeld(drop);
  await options.commit(drop);
  events.release();
  await rm(directory.dir, { recursive: true, force: true });
  return { kind: 'dropped', drop, failure };
}

type Begun = {
  readonly events: EventLog;
  readonly directory: RunDirectory;
  readonly startedAt: Date;
  readonly limit: TimeLimit;
};

async function runPlan(
  trigger: Trigger,
  found: Exclude<CheckedOut, { kind: 'drop' }>,
  options: RunOptions,
  { events, directory, startedAt, limit }: Begun,
): Promise<RunEnd> {
  const masker = makeMasker();
  const recorder = makeRecorder({ ...options, key: trigger.key, events, masker });
  const plan = found.kind === 'found' ? found.discovery.plan : found.plan;
  const domain = runDomain({ recipe: trigger.recipe, run: options.run, base: options.domain });
  await announce(plan, domain, options, { events, recorder });
  await recorder.always('checkout', async () => found.outcome);
  if (found.kind === 'found') limit.start(found.discovery.settings.timeouts.run);
  const played =
    found.kind === 'found'
      ? await play({ trigger, discovery: found.discovery, domain, options, directory, recorder, masker })
      : { ended: endedBy(options.signal), lint: null, clean: true, operator: [] };
  if (played.ended?.verdict === 'given-back') return { kind: 'given-back' };
  const results = await finishRun({
    ...played,
    plan,
    options,
    directory,
    events,
    masker,
    startedAt,
    stages: recorder.rows(),
    dirty: found.kind === 'found' && found.discovery.checkout.dirty,
  });
  const failure = found.kind === 'failed' ? found.failure : null;
  return { kind: 'finished', results, bugs: recorder.bugs(), failure };
}

async function announce(
  plan: Plan,
  domain: string,
  options: RunOptions,
  { events, recorder }: { readonly events: EventLog; readonly recorder: Recorder },
): Promise<void> {
  await events.append(plan);
  await recorder.emit({
    type: 'run.started',
    recipe: plan.recipe,
    ref: plan.ref,
    base: plan.base?.version ?? plan.base?.ref.slice(0, 12) ?? null,
    domain,
    kind: options.kind,
    scope: plan.scope,
    environment: options.environment,
  });
}

type Playing = {
  readonly trigger: Trigger;
  readonly discovery: Discovery;
  readonly domain: string;
  readonly options: RunOptions;
  readonly directory: RunDirectory;
  readonly recorder: Recorder;
  readonly masker: Masker;
};

async function play(playing: Playing): Promise<Played & { readonly operator: readonly string[] }> {
  const ended: Ended | null = endedBy(playing.options.signal);
  if (ended !== null) return { ended, lint: null, clean: true, operator: [] };
  const stack = stackName(playing.domain);
  const context: RunContext = {
    ...playing,
    engine: playing.options.engine,
    settings: playing.discovery.settings,
    stack,
    network: `${stack}_run`,
    owner: playing.options.owner,
    signal: playing.options.signal,
    randomBytes: (length) => randomBytes(length),
    scratch: { frontDoor: null, lastLine: () => null, secrets: new Map(), operator: [], seen: {} },
  };
  return { ...(await playStages(context)), operator: context.scratch.operator };
}
