import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeRun } from '../swarm/remove.ts';
import type { RunContext } from './context.ts';
import type { StageOutcome } from './recorder.ts';

const removeLimitMs = 120_000;

/**
 * Removes everything of the run from the engine and proves it: no stack, container, volume, secret, config or network.
 * Leftovers are said, and never change a verdict about a recipe.
 */
export async function tearDown(context: RunContext): Promise<StageOutcome & { readonly clean: boolean }> {
  const door = context.scratch.frontDoor;
  context.scratch.frontDoor = null;
  context.scratch.secrets.clear();
  context.scratch.seen.seeded = null;
  const { clean, left } = await removeRun(context.engine, {
    stack: context.stack,
    run: context.directory.id,
    owner: context.owner,
    timeoutMs: removeLimitMs,
  });
  context.recorder.setOn(null);
  await door?.close();
  await rm(join(context.directory.work, 'door'), { recursive: true, force: true });
  if (clean) return { status: 'pass', clean };
  return { status: 'fail', cause: 'infra', summary: `left on the engine: ${left.join(', ')}`, clean };
}
