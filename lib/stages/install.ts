import { routedService } from '../recipe/labels.ts';
import type { RunContext } from './context.ts';
import { deploy } from './deployment.ts';
import { openDoor } from './ingress.ts';
import { makeNetwork, makeObjects } from './objects.ts';
import type { Prepared } from './prepare.ts';
import { runRecipeCommands } from './recipe-commands.ts';
import type { StageOutcome } from './recorder.ts';
import { hookOutcome } from './run-hook.ts';
import { overlayOutcome } from './run-tests.ts';
import { takeScreenshot } from './screenshot.ts';
import { checkServing, servingNote } from './serving.ts';

/** Deploys a stack on empty volumes and proves that it serves; the generic part of install, for commit and base alike. */
export async function bringUp(context: RunContext, prepared: Prepared): Promise<StageOutcome | null> {
  await makeNetwork(context);
  await makeObjects(context, prepared);
  const { convergence } = await deploy(context, prepared);
  if (!convergence.ok) return { status: 'fail', cause: convergence.cause, summary: convergence.summary };
  const routed = routedService(prepared.rendered);
  if (routed !== null) context.scratch.frontDoor ??= await openDoor(context, routed);
  const commands = await runRecipeCommands(context, prepared, 'POST_DEPLOY_CMDS');
  return commands ?? (await checkServing(context, prepared));
}

/** Stage install: the commit under test on empty volumes. */
export async function install(context: RunContext, prepared: Prepared): Promise<StageOutcome> {
  const problem = await bringUp(context, prepared);
  if (problem !== null) return problem;
  return finishInstall(context, prepared, () => takeScreenshot(context, 'screenshot.png'));
}

/**
 * What the operator adds to an installation: the hook `install`, then the overlay tests. In between is the moment for a
 * picture: the app is healthy and set up, and no test has touched it.
 */
export async function finishInstall(
  context: RunContext,
  prepared: Prepared,
  show: () => Promise<void> = async () => {},
): Promise<StageOutcome> {
  const hook = await hookOutcome(context, 'install', 'install');
  await show();
  const added = hook ?? (await overlayOutcome(context, 'install'));
  return added ?? { status: 'pass', summary: servingNote(context, prepared) };
}
