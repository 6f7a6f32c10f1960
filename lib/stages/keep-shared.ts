import { openShared, type Shared, sharedRun } from '../runs/shared.ts';
import { removeRun } from '../swarm/remove.ts';
import { readDeployment } from '../swarm/tasks.ts';
import { milliseconds, type RunContext } from './context.ts';
import { installDependency } from './install-dependency.ts';
import type { Prepared } from './prepare.ts';
import type { StageOutcome } from './recorder.ts';
import { checkServing } from './serving.ts';

/** How long one that is up may take to answer before it is deployed anew, seconds. */
const answerSeconds = 15;
const removeLimitMs = 120_000;

export type SharedUse = {
  /** What runs now; null where nothing is ready. */
  readonly version: string | null;
  /** Why it is not ready; null when it is. */
  readonly problem: StageOutcome | null;
  readonly release: () => void;
};

/**
 * Sees that a recipe that stays up between runs is there: taken as it is when it is healthy and of the wanted version,
 * deployed anew else, under a lock, so that of several runs one deploys and the others wait and use it too.
 */
export async function keepShared(
  context: RunContext,
  own: RunContext,
  prepared: Prepared,
): Promise<SharedUse> {
  const { name, run } = { name: own.trigger.recipe, run: context.directory.id };
  const waitMs = milliseconds(own.settings.timeouts.deploy);
  const shared = await openShared({ runs: context.sources.runs, recipe: name, waitMs, signal: own.signal });
  if (shared === null) {
    const summary = `another run is deploying it for more than ${own.settings.timeouts.deploy} s`;
    return { version: null, problem: { status: 'unver', summary }, release: () => {} };
  }
  try {
    const isThere = await takeAsItIs(own, shared, prepared);
    const problem = isThere ? null : await deployAnew(own, shared, prepared);
    if (problem !== null) return { version: null, problem, release: () => {} };
    const { release } = await shared.use(run);
    return { version: (await shared.read())?.version ?? null, problem: null, release };
  } finally {
    shared.release();
  }
}

/** Another version than the wanted one is used as well while other runs depend on it. */
async function takeAsItIs(own: RunContext, shared: Shared, prepared: Prepared): Promise<boolean> {
  const kept = await shared.read();
  if (kept === null) return false;
  const { on } = await readDeployment(own.engine, own.stack);
  if (on !== kept.ref || !(await isHealthy(own, prepared))) return false;
  if (kept.ref !== own.trigger.ref && !(await shared.isUsed())) return false;
  if (kept.ref !== own.trigger.ref)
    await own.recorder.say('needs', `stays at ${kept.version}: other runs use it`);
  for (const [secret, value] of Object.entries(kept.secrets)) {
    own.masker.add(value);
    own.scratch.secrets.set(secret, value);
  }
  await own.recorder.say('needs', `${kept.version} is up already`);
  return true;
}

async function isHealthy(own: RunContext, prepared: Prepared): Promise<boolean> {
  const quiet = { ...own.recorder, test: async () => {} };
  const timeouts = { ...own.settings.timeouts, http: answerSeconds };
  const settings = { ...own.settings, timeouts };
  return (await checkServing({ ...own, recorder: quiet, settings }, prepared)) === null;
}

async function deployAnew(own: RunContext, shared: Shared, prepared: Prepared): Promise<StageOutcome | null> {
  await shared.forget();
  const { engine, stack, owner, trigger, discovery } = own;
  const run = sharedRun(trigger.recipe);
  const { clean, left } = await removeRun(engine, { stack, run, owner, timeoutMs: removeLimitMs });
  if (!clean) return { status: 'fail', cause: 'infra', summary: `the old one is left: ${left.join(', ')}` };
  const problem = await installDependency(own, prepared);
  if (problem !== null) return problem;
  const version = discovery.plan.version ?? trigger.ref;
  await shared.write({ ref: trigger.ref, version, secrets: Object.fromEntries(own.scratch.secrets) });
  return null;
}
