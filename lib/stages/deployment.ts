import { deployTimeoutSeconds } from '../recipe/labels.ts';
import { type Convergence, waitConverged } from '../swarm/converge.ts';
import { type DeployCall, deployStack } from '../swarm/deploy.ts';
import { type Deployment, readDeployment } from '../swarm/tasks.ts';
import { milliseconds, type RunContext } from './context.ts';
import type { Prepared } from './prepare.ts';

/** A deployment, what came of it, and what runs then. */
export type Deployed = {
  readonly call: DeployCall;
  readonly convergence: Convergence;
  readonly deployment: Deployment;
};

/**
 * Deploys a prepared stack and waits until it has converged or can not any more; the wait is the larger of
 * `timeouts.deploy` and the recipe's timeout label (stages.md). Notes which commit runs then.
 */
export async function deploy(context: RunContext, prepared: Prepared): Promise<Deployed> {
  const { engine, stack, signal, settings } = context;
  const call = await deployStack({ engine, stack, text: prepared.text, prune: true, signal });
  const seconds = Math.max(settings.timeouts.deploy, deployTimeoutSeconds(prepared.rendered, stack));
  const convergence = await waitConverged(engine, {
    stack,
    call,
    timeoutMs: milliseconds(seconds),
    signal,
    lastLogLine: context.scratch.lastLine,
    mask: context.masker.mask,
  });
  const deployment = await readDeployment(engine, stack);
  context.recorder.setOn(deployment.on);
  return { call, convergence, deployment };
}
