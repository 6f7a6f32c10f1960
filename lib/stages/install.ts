import { routedService } from '../recipe/labels.ts';
import type { RunContext } from './context.ts';
import { deploy } from './deployment.ts';
import { openDoor } from './ingress.ts';
import { makeNetwork, makeObjects } from './objects.ts';
import type { Prepared } from './prepare.ts';
import type { StageOutcome } from './recorder.ts';
import { callHook } from './run-hook.ts';
import { overlayOutcome } from './run-tests.ts';
import { checkServing, servingNote } from './serving.ts';

/** Deploys a stack on empty volumes and proves that it serves; the generic part of install, for commit and base alike. */
export async function bringUp(context: RunContext, prepared: Prepared): Promise<StageOutcome | null> {
  await makeNetwork(context);
  await makeObjects(context, prepared);
  const { convergence } = await deploy(context, prepared);
  if (!convergence.ok) return { status: 'fail', cause: convergence.cause, summary: convergence.summary };
  const routed = routedService(prepared.rendered);
  if (routed !== null) context.scratch.frontDoor ??= await openDoor(context, routed);
  return checkServing(context, prepared);
}

/** Stage install: the commit under test on empty volumes. */
export async function install(context: RunContext, prepared: Prepared): Promise<StageOutcome> {
  const problem = await bringUp(context, prepared);
  if (problem !== null) return problem;
  const hook = await callHook(context, 'install', 'install');
  if (!hook.ok) return { status: 'fail', cause: 'recipe', summary: hook.summary };
  return (
    (await overlayOutcome(context, 'install')) ?? { status: 'pass', summary: servingNote(context, prepared) }
  );
}
