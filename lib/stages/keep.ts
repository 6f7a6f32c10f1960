import { Failure } from '../program/failure.ts';
import { markKept, unmarkKept, writeKept } from '../runs/kept.ts';
import type { DeployedDependency, RunContext } from './context.ts';
import type { KeptDeployment } from './kept-deployment.ts';
import type { Prepared } from './prepare.ts';
import { closeDoor } from './teardown.ts';

/**
 * A run that keeps its deployment deploys for itself alone: what other runs share with it could change or go while it
 * stays up.
 */
export function toBeKept(context: RunContext): RunContext {
  return { ...context, settings: { ...context.settings, shared: [] } };
}

/**
 * Leaves what is deployed as it is, closes the ways to it, and writes down what attaching needs, durably, before the run
 * is marked as kept. False, and why is said, where that cannot be done or nothing that could be tested is up.
 */
export async function keepDeployment(context: RunContext, at: Date): Promise<boolean> {
  const { scratch, directory, recorder } = context;
  const { standing } = scratch;
  if (standing === null) {
    await recorder.say('keep', 'not kept: the commit is not installed');
    return false;
  }
  try {
    await writeKept(directory.work, describe(context, standing));
    await markKept(directory.dir, at);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await unmarkKept(directory.dir).catch(() => {});
    await recorder.say('keep', `not kept: ${error.message}`).catch(() => {});
    return false;
  }
  await letGo(context);
  const summary = `kept: ${context.stack} stays up; ccci-janitor --run ${directory.id} removes it`;
  await recorder.missed('teardown', summary, 'skip');
  return true;
}

function describe(context: RunContext, standing: Prepared): KeptDeployment {
  const { discovery, scratch, recorder } = context;
  return {
    schema: 1,
    plan: discovery.plan,
    dirty: discovery.checkout.dirty,
    ...describeOne(context, standing),
    repositoryFolder: discovery.repositoryFolder,
    missingNeed: scratch.missingNeed,
    operator: [...scratch.operator],
    seen: scratch.seen as KeptDeployment['seen'],
    rows: [...recorder.rows()],
    dependencies: scratch.dependencies.flatMap(describeDependency),
  };
}

/** One that came to no deployment is nothing that a test could ask. */
function describeDependency(dependency: DeployedDependency): KeptDeployment['dependencies'] {
  const { name, version, context, isReady, credentials } = dependency;
  const { standing } = context.scratch;
  if (standing === null) return [];
  return [{ name, version, ...describeOne(context, standing), isReady, credentials }];
}

function describeOne({ domain, stack, network, scratch }: RunContext, { rendered }: Prepared) {
  return { domain, stack, network, rendered, secrets: Object.fromEntries(scratch.secrets) };
}

/** Doors and the reading of logs end with the process; what was provided stays, as long as who asked for it is up. */
async function letGo(context: RunContext): Promise<void> {
  for (const dependency of context.scratch.dependencies) {
    await closeDoor(dependency.context);
    await dependency.stopLogs();
  }
  await closeDoor(context);
}
