import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pRetry from 'p-retry';
import { type DiscoverOptions, type Discovery, discover } from '../plan/discover.ts';
import { codeOf, exitStatus, Failure } from '../program/failure.ts';
import type { DropReason } from '../records/drop.ts';
import { type Stamping, stamp } from '../records/encode.ts';
import type { Plan } from '../records/plan.ts';
import type { Trigger } from '../records/trigger.ts';
import { endedBy } from './ended.ts';
import type { StageOutcome } from './recorder.ts';
import { makeRendersSame } from './renders-same.ts';
import { outcomeOfEnd } from './settled.ts';
import { startStopwatch } from './stopwatch.ts';

export type CheckOutOptions = {
  readonly testsDir: string;
  /** Whether a repository may be a path. */
  readonly allowLocal: boolean;
  readonly forgeUrls: readonly string[];
  /** Where fetched repositories are kept between runs. */
  readonly stores?: DiscoverOptions['stores'];
  readonly stamping: Stamping;
  readonly signal: AbortSignal;
};

/** What a checkout came to: a plan to carry out, a trigger to drop, or a run that ends here and says why. */
export type CheckedOut =
  | { readonly kind: 'found'; readonly discovery: Discovery; readonly outcome: StageOutcome }
  | { readonly kind: 'drop'; readonly reason: DropReason; readonly failure: Failure }
  | {
      readonly kind: 'failed';
      readonly plan: Plan;
      readonly outcome: StageOutcome;
      readonly failure: Failure | null;
    };

/** Codes of a checkout's failures that make a trigger one that will not run. */
const dropReasons: Readonly<Record<string, DropReason>> = {
  'commit-gone': 'gone',
  'not-a-recipe': 'not-a-recipe',
};

/** Codes of what is wrong in the operator's tree of tests: ours to mend, not the recipe's fault. */
const ourMistakes: readonly string[] = ['bad-settings', 'bad-hook', 'stale-overlay', 'bad-recipe'];

/** Checks out the commit and its base into the run's directory and works out the plan (stages.md, The run, 1). */
export async function checkOut(
  trigger: Trigger,
  options: CheckOutOptions,
  work: string,
): Promise<CheckedOut> {
  const ms = startStopwatch();
  try {
    const discovery = await discoverPatiently(trigger, options, join(work, 'checkout'));
    return { kind: 'found', discovery, outcome: { status: 'pass', on: null, ms: ms() } };
  } catch (error) {
    const plan = emptyPlan(trigger, options.stamping);
    const ended = endedBy(options.signal);
    if (ended !== null) return { kind: 'failed', plan, outcome: outcomeOfEnd(ended), failure: null };
    if (!(error instanceof Failure)) throw error;
    const reason = dropReasons[codeOf(error) ?? ''];
    if (reason !== undefined) return { kind: 'drop', reason, failure: error };
    return { kind: 'failed', plan, outcome: { ...outcomeOf(error), ms: ms() }, failure: error };
  }
}

/** A forge that is away for a moment is asked again twice before it counts as infrastructure (stages.md, Verdict). */
function discoverPatiently(trigger: Trigger, options: CheckOutOptions, into: string): Promise<Discovery> {
  const attempt = async () => {
    await rm(into, { recursive: true, force: true });
    const rendersSame = makeRendersSame(trigger.recipe, options.signal);
    return discover(trigger, { ...options, into, rendersSame });
  };
  return pRetry(attempt, {
    retries: 2,
    minTimeout: 1_000,
    factor: 3,
    signal: options.signal,
    shouldRetry: ({ error }) => error instanceof Failure && isPassing(error) && !options.signal.aborted,
  });
}

/** Not what took its whole time limit already, nor a tool that is not installed. */
function isPassing({ status, code }: Failure): boolean {
  return status === exitStatus.unavailable && code !== 'git-timeout' && code !== 'git-missing';
}

/** A run that ends before it begins: nothing is checked out or deployed any more. */
export function givenUp(trigger: Trigger, why: string, stamping: Stamping): CheckedOut {
  const outcome = { status: 'fail', cause: 'infra', on: null, summary: why } as const;
  return { kind: 'failed', plan: emptyPlan(trigger, stamping), outcome, failure: null };
}

/** Settings of ours and what is refused make a run incomplete; a repository that cannot be had is infrastructure. */
function outcomeOf(error: Failure): StageOutcome {
  const hint = error.hint === undefined ? '' : ` (${error.hint})`;
  const summary = `${error.message}${hint}`;
  const ours = error.status === exitStatus.badInput && ourMistakes.includes(error.code);
  if (ours) return { status: 'unver', on: null, summary };
  const cause = error.code === 'git-refused' ? 'policy' : 'infra';
  return { status: 'fail', cause, on: null, summary };
}

/** The plan of what could not be checked out. */
export function emptyPlan(trigger: Trigger, stamping: Stamping): Plan {
  return stamp(
    {
      type: 'plan',
      key: trigger.key,
      trigger,
      recipe: trigger.recipe,
      ref: trigger.ref,
      version: null,
      base: null,
      scope: 'full',
      stages: [],
      tests: [],
      hooks: [],
      overlays: [],
      settings: {},
      counts: {},
      tree: { path: null, commit: null },
      warnings: [],
    } as const,
    stamping,
  ) as unknown as Plan;
}
