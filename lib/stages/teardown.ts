import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Thing } from '../swarm/owned.ts';
import { type Removal, removeRun, removeStack } from '../swarm/remove.ts';
import { namespaceLabel } from '../swarm/shapes.ts';
import type { RunContext } from './context.ts';
import { revoke } from './provide.ts';
import type { StageOutcome } from './recorder.ts';

const removeLimitMs = 120_000;

export type TornDown = StageOutcome & { readonly clean: boolean };

/** Name of the service that hands an app's connections on to a recipe that it needs. */
export function relayName(
  { stack }: Pick<RunContext, 'stack'>,
  dependency: Pick<RunContext, 'domain'>,
): string {
  const [first] = dependency.domain.split('.');
  return `${stack}_to-${first}`;
}

/**
 * Removes everything of the run from the engine and proves it: no stack, container, volume, secret, config or network.
 * Leftovers are said, and never change a verdict about a recipe. Recipes that it needed go last, in reverse, after what
 * they provided was revoked; those that stay up are let go.
 */
export async function tearDown(context: RunContext): Promise<TornDown> {
  const dependencies = context.scratch.dependencies.splice(0).reverse();
  const problems: string[] = [];
  if (dependencies.length > 0) {
    await removeAll(context, keepsNeeds(context, dependencies));
    for (const dependency of dependencies) {
      const problem = await revoke(context, dependency).catch((error: Error) => error.message);
      if (problem !== null) problems.push(`${dependency.name}: ${problem}`);
      await closeDoor(dependency.context);
      if (!dependency.isShared) await removeStack(context.engine, removal(dependency.context));
      await dependency.stopLogs();
    }
  }
  const outcome = outcomeOf(await removeAll(context));
  for (const { release } of dependencies) release();
  if (problems.length === 0 || !outcome.clean) return outcome;
  return { ...outcome, summary: `not revoked: ${problems.join('; ')}` };
}

/** Removes a deployment and leaves the run's network and the recipes that it needs: between two deployments. */
export async function clearDeployment(context: RunContext): Promise<TornDown> {
  const { dependencies } = context.scratch;
  const keep = dependencies.length === 0 ? undefined : keepsNeeds(context, dependencies);
  return outcomeOf(await removeAll(context, keep));
}

async function removeAll(context: RunContext, keep?: (thing: Thing) => boolean): Promise<Removal> {
  context.scratch.secrets.clear();
  context.scratch.seen.seeded = null;
  context.scratch.standing = null;
  const removed = await removeRun(context.engine, {
    ...removal(context),
    ...(keep === undefined ? {} : { keep }),
  });
  context.recorder.setOn(null);
  await closeDoor(context);
  await rm(join(context.directory.work, 'door', context.domain), { recursive: true, force: true });
  return removed;
}

function removal(context: RunContext) {
  const { stack, directory, owner } = context;
  return { stack, run: directory.id, owner, timeoutMs: removeLimitMs };
}

/** The run's network, the relays on it, and the stacks of what is needed. */
function keepsNeeds(
  context: RunContext,
  dependencies: RunContext['scratch']['dependencies'],
): (thing: Thing) => boolean {
  const stacks = new Set(dependencies.map((one) => one.context.stack));
  const networks = new Set([context.network, ...dependencies.map((one) => one.context.network)]);
  const relays = dependencies.map((one) => relayName(context, one.context));
  return ({ kind, name, labels }) =>
    stacks.has(labels[namespaceLabel] ?? '') ||
    (kind === 'network' && networks.has(name)) ||
    relays.some((relay) => name === relay || name.startsWith(`${relay}.`));
}

/** Closes the way by which tests reached a deployment. */
export async function closeDoor({ scratch }: RunContext): Promise<void> {
  const door = scratch.frontDoor;
  scratch.frontDoor = null;
  await door?.close();
}

function outcomeOf({ clean, left }: Removal): TornDown {
  if (clean) return { status: 'pass', clean };
  return { status: 'fail', cause: 'infra', summary: `left on the engine: ${left.join(', ')}`, clean };
}
