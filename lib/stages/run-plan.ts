import { randomBytes } from 'node:crypto';
import type { Discovery } from '../plan/discover.ts';
import { readHeadNow } from '../plan/head-now.ts';
import { runDomain, stackName } from '../recipe/names.ts';
import { secretsInSettings } from '../recipe/secret-settings.ts';
import type { Plan } from '../records/plan.ts';
import type { Trigger } from '../records/trigger.ts';
import type { EventLog } from '../runs/events.ts';
import type { Masker } from '../runs/mask.ts';
import type { RunDirectory } from '../runs/open.ts';
import { readDiskUse } from '../swarm/disk-use.ts';
import type { Begun } from './begin.ts';
import type { CheckedOut } from './check-out.ts';
import { emptyScratch, type RunContext } from './context.ts';
import { endedBy } from './ended.ts';
import { expectation } from './expectation.ts';
import { type Finishing, finishRun } from './finish.ts';
import { warnOfTools } from './missing-tools.ts';
import { type Played, playStages } from './play.ts';
import { watchQuota } from './quota.ts';
import type { Recorder } from './recorder.ts';
import type { RunEnd, RunOptions } from './run.ts';
import type { TimeLimit } from './time-limit.ts';

/** Carries a plan out, from its announcement to its results; a checkout that failed has results too. */
export async function runPlan(
  trigger: Trigger,
  found: Exclude<CheckedOut, { kind: 'drop' }>,
  options: RunOptions,
  { events, directory, startedAt, limit, masker, recorder, endCheckout }: Begun,
): Promise<RunEnd> {
  if (found.kind === 'found')
    for (const secret of secretsInSettings(found.discovery.settings)) masker.add(secret);
  const planned = found.kind === 'found' ? found.discovery.plan : found.plan;
  const plan = await warnOfTools(planned, await options.environment());
  const domain = runDomain({ recipe: trigger.recipe, run: options.run, base: options.domain });
  await announce(plan, domain, options, { events, recorder });
  await endCheckout(found.outcome);
  if (found.kind === 'found') limit.start(found.discovery.settings.timeouts.run);
  const played: Carried =
    found.kind === 'found'
      ? await play({
          trigger,
          discovery: found.discovery,
          domain,
          options,
          directory,
          recorder,
          masker,
          limit,
        })
      : { ...notPlayed, ended: endedBy(options.signal) };
  if (played.ended?.verdict === 'given-back') return { kind: 'given-back' };
  const results = await finishRun({
    ...played,
    plan: played.base === undefined ? plan : { ...plan, base: played.base },
    options,
    directory,
    events,
    masker,
    startedAt,
    stages: recorder.rows(),
    // An end from outside says nothing about a commit, and is not to wait for a forge.
    headNow: played.ended === null ? await readHeadNow(trigger, options) : null,
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
    ...(await expectation(plan, options)),
    environment: await options.environment(),
  });
}

/** What the stages leave for the results. */
type Carried = Played &
  Pick<Finishing, 'images' | 'operator' | 'changes' | 'pictures'> & {
    readonly base?: Plan['base'] | undefined;
  };

const notPlayed = {
  lint: null,
  clean: true,
  isKept: false,
  images: {},
  operator: [],
  pictures: new Set<never>(),
} as const;

type Playing = {
  readonly trigger: Trigger;
  readonly discovery: Discovery;
  readonly domain: string;
  readonly options: RunOptions;
  readonly directory: RunDirectory;
  readonly recorder: Recorder;
  readonly masker: Masker;
  readonly limit: TimeLimit;
};

async function play(playing: Playing): Promise<Carried> {
  const ended = endedBy(playing.options.signal);
  if (ended !== null) return { ...notPlayed, ended };
  const stack = stackName(playing.domain);
  const context: RunContext = {
    ...playing,
    engine: playing.options.engine,
    settings: playing.discovery.settings,
    stack,
    network: `${stack}_run`,
    ingress: playing.options.ingress,
    owner: playing.options.owner,
    signal: playing.options.signal,
    limits: playing.options.limits,
    aside: (work) => playing.recorder.aside(() => playing.limit.aside(work)),
    screenshotMs: playing.options.screenshotMs ?? null,
    randomBytes: (length) => randomBytes(length),
    scratch: emptyScratch(),
    sources: {
      runs: playing.options.runs,
      baseDomain: playing.options.domain,
      testsDir: playing.options.testsDir,
      allowLocal: playing.options.allowLocal,
      forgeUrls: playing.options.forgeUrls,
      repositories: playing.options.dependencies ?? {},
    },
  };
  const { images, operator, pictures } = context.scratch;
  const quota = watchQuotaOf(context, playing);
  try {
    const { keep = false, stamping } = playing.options;
    const played = await playStages(context, { keep, now: stamping.now });
    const { base, changes } = context.scratch;
    return { ...played, images, operator, pictures, base, changes };
  } finally {
    quota.stop();
  }
}

function watchQuotaOf(
  { engine, stack, owner, directory }: RunContext,
  { options, limit }: Playing,
): { readonly stop: () => void } {
  const { quotaMb } = options;
  if (quotaMb === undefined) return { stop: () => {} };
  const look = (signal: AbortSignal) => readDiskUse(engine, { owner, run: directory.id, stack }, signal);
  return watchQuota({ quotaMb, stack, look, end: limit.end, now: () => performance.now() });
}
