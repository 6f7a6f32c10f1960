import { readTree } from '../plan/tree.ts';
import { exitStatus, Failure } from '../program/failure.ts';
import { routedService } from '../recipe/labels.ts';
import type { Plan } from '../records/plan.ts';
import type { Results } from '../records/results.ts';
import { openEventLog } from '../runs/events.ts';
import { makeMasker } from '../runs/mask.ts';
import { openRun, type RunDirectory } from '../runs/open.ts';
import { runLabel } from '../swarm/owned.ts';
import { type EngineService, filters } from '../swarm/shapes.ts';
import { readDeployment } from '../swarm/tasks.ts';
import { attachedContext, maskKept, withDoors } from './attached-context.ts';
import { planAttached } from './attached-plan.ts';
import type { RunContext } from './context.ts';
import { custom } from './custom.ts';
import { endedBy } from './ended.ts';
import { finishRun } from './finish.ts';
import type { KeptDeployment } from './kept-deployment.ts';
import { makeRecorder, type Recorder } from './recorder.ts';
import type { RunEnd, RunOptions } from './run.ts';
import { runStage } from './run-stage.ts';
import { checkServing } from './serving.ts';
import { relayName } from './teardown.ts';
import { makeTimeLimit } from './time-limit.ts';

export type AttachOptions = Omit<RunOptions, 'keep' | 'attempt' | 'kind' | 'commit' | 'giveUp'> & {
  /** The run whose deployment was kept; its lock is held. */
  readonly kept: { readonly id: string; readonly dir: string; readonly deployment: KeptDeployment };
};

/** One that is up answers at once, seconds. */
const answerSeconds = 15;

/**
 * Runs the custom tests of the present tree against a deployment that was kept, as a partial run with a directory of its
 * own. Nothing is deployed, and the deployment stays up. `Failure` 75 `kept-gone` where it is not there any more.
 */
export async function runAttached(options: AttachOptions): Promise<RunEnd> {
  await checkThere(options.kept.deployment, options);
  const directory = await openRun({ runs: options.runs, id: options.run });
  try {
    return await runIn(directory, options.kept.deployment, options);
  } finally {
    await directory.close();
  }
}

async function checkThere(deployment: KeptDeployment, { engine, kept }: AttachOptions): Promise<void> {
  const { on } = await readDeployment(engine, deployment.stack);
  const query = filters({ label: [`${runLabel}=${kept.id}`] });
  const there = await engine.json<EngineService[]>('GET', `/services?${query}`);
  const names = new Set(there.map(({ Spec }) => Spec.Name));
  const missing = deployedServices(deployment).filter((name) => !names.has(name));
  if (missing.length === 0 && on === deployment.plan.ref) return;
  const what = missing.length === 0 ? deployment.stack : missing.join(', ');
  const message = `the deployment of run ${kept.id} is not there any more, or not whole: ${what}`;
  throw new Failure(exitStatus.leftOver, 'kept-gone', message, {
    hint: `ccci-janitor --run ${kept.id} removes what is left; then keep a new one`,
  });
}

/** Full names of the services of the app, of what it needs, and of what joins the two. */
function deployedServices(kept: KeptDeployment): string[] {
  const { dependencies } = kept;
  const own = [kept, ...dependencies].flatMap(({ stack, rendered }) =>
    Object.keys(rendered.services).map((name) => `${stack}_${name}`),
  );
  const routed = dependencies.filter(({ rendered }) => routedService(rendered) !== null);
  return [...own, ...routed.map((dependency) => relayName(kept, dependency))];
}

async function runIn(directory: RunDirectory, kept: KeptDeployment, given: AttachOptions): Promise<RunEnd> {
  const events = await openEventLog(directory.dir);
  const limit = makeTimeLimit(given.signal, () => performance.now());
  const options = {
    ...given,
    attempt: 1,
    kind: 'hand',
    commit: async () => {},
    signal: limit.signal,
  } as const;
  options.onEvents(events);
  try {
    const startedAt = options.stamping.now();
    const tree = await readTree(options.testsDir, kept.plan.recipe, options.signal);
    const masker = makeMasker();
    maskKept(masker, kept, tree);
    const plan = planAttached(kept, tree, { ...options, attachedTo: options.kept.id });
    const recorder = makeRecorder({ ...options, key: plan.key, events, masker });
    await events.append(plan.trigger);
    await events.append(plan);
    await announce(plan, kept, options, recorder);
    limit.start(tree.settings.timeouts.run);
    const context = attachedContext(kept, {
      ...options,
      ...{ directory, recorder, masker, plan, tree, keptWork: `${options.kept.dir}/work` },
      sources: {
        ...options,
        baseDomain: options.domain,
        repositories: options.dependencies ?? {},
      },
    });
    const ended = await testKept(context, kept);
    const results: Results = await finishRun({
      ...{ plan, options, directory, events, masker, startedAt, ended },
      stages: recorder.rows(),
      ...{ lint: null, clean: true, images: {}, pictures: new Set<never>(), operator: [] },
      ...{ headNow: null, dirty: kept.dirty },
    });
    return { kind: 'finished', results, bugs: recorder.bugs(), failure: null };
  } finally {
    limit.stop();
    await events.close();
  }
}

async function testKept(context: RunContext, kept: KeptDeployment): Promise<ReturnType<typeof endedBy>> {
  try {
    context.recorder.setOn(context.discovery.plan.ref);
    await withDoors(context, kept, () =>
      runStage(
        context,
        'custom',
        async () => (await notServing(context, kept)) ?? (await custom(context, kept)),
      ),
    );
    return null;
  } catch (error) {
    const ended = endedBy(context.signal);
    if (ended === null) throw error;
    return ended;
  }
}

/** What tests say of an app that is down would mislead; null where it serves. */
async function notServing(context: RunContext, kept: KeptDeployment) {
  const quiet = { ...context.recorder, test: async () => {} };
  const timeouts = { ...context.settings.timeouts, http: answerSeconds };
  const problem = await checkServing(
    { ...context, recorder: quiet, settings: { ...context.settings, timeouts } },
    kept,
  );
  if (problem === null) return null;
  return { status: 'unver', summary: `the kept deployment does not serve: ${problem.summary}` } as const;
}

async function announce(
  { recipe, ref, base, scope }: Plan,
  { domain }: KeptDeployment,
  { kept, environment }: AttachOptions,
  recorder: Recorder,
): Promise<void> {
  const from = base?.version ?? base?.ref.slice(0, 12) ?? null;
  const known = await environment();
  const fields = { recipe, ref, base: from, domain, kind: 'hand', scope, environment: known };
  return recorder.emit({ type: 'run.started', ...fields, attached_to: kept.id });
}
