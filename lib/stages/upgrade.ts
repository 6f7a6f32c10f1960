import { codeOf, Failure } from '../program/failure.ts';
import { services } from '../recipe/compose.ts';
import { changedServices } from '../recipe/same-stack.ts';
import { readDeployment } from '../swarm/tasks.ts';
import type { RunContext } from './context.ts';
import { deploy } from './deployment.ts';
import { bringUp } from './install.ts';
import { makeObjects } from './objects.ts';
import { overlayPaths, type Prepared, prepareStack } from './prepare.ts';
import { runRecipeCommands } from './recipe-commands.ts';
import type { StageOutcome } from './recorder.ts';
import { overlayOutcome } from './run-tests.ts';
import { checkData, seedData } from './seeds.ts';
import { checkServing } from './serving.ts';

/**
 * Stage upgrade, on a deployment of its own: the base on empty volumes, seeded, then brought to the commit under test
 * in place, proven to have landed, its data unchanged (stages.md). A base that cannot be installed is `unver` (L38).
 */
export async function upgrade(
  context: RunContext,
  base: Prepared,
): Promise<StageOutcome & { readonly landed?: Prepared }> {
  const notInstallable = await bringUp(context, base);
  if (notInstallable !== null) {
    const cause = notInstallable.cause === 'infra' ? ({ status: 'fail', cause: 'infra' } as const) : null;
    const summary = `the base ${baseName(context)} could not be installed: ${notInstallable.summary}`;
    return { ...(cause ?? { status: 'unver' }), summary };
  }
  const seeds = await seedData(context, base, 'upgrade');
  const next = await prepareUpgrade(context, base);
  const unchanged = refuseNoChange(base, next);
  if (unchanged !== null) return unchanged;
  return (await land(context, next)) ?? { ...(await prove(context, base, next, seeds)), landed: next };
}

/** The upgrade keeps the operator's `.env` and secrets; what only the commit knows is added and listed. */
async function prepareUpgrade(context: RunContext, base: Prepared): Promise<Prepared> {
  return prepareStack(context, {
    dir: context.discovery.head,
    ref: context.trigger.ref,
    overlays: overlayPaths(context, 'head'),
    keep: base.env,
    overrides: context.settings.upgrade.env,
  });
}

/** A no-op upgrade is never a pass (L37). */
function refuseNoChange(base: Prepared, next: Prepared): StageOutcome | null {
  if (changedServices(base.rendered, next.rendered).length > 0) return null;
  return {
    status: 'unver',
    summary: 'the commit renders the same stack as its base, so there is nothing to upgrade',
  };
}

async function land(context: RunContext, next: Prepared): Promise<StageOutcome | null> {
  try {
    const fresh = await makeObjects(context, next);
    noteForOperator(context, [...next.added, ...fresh.map((name) => `new secret: ${name}`)]);
  } catch (error) {
    if (!(error instanceof Failure) || codeOf(error) !== 'config-changed') throw error;
    return { status: 'fail', cause: 'recipe', summary: `upgrade did not land: ${error.message}` };
  }
  const convergence = await deploy(context, next);
  if (convergence.ok) return runRecipeCommands(context, next, 'POST_UPGRADE_CMDS');
  return {
    status: 'fail',
    cause: convergence.cause,
    summary: `upgrade did not land: ${convergence.summary}`,
  };
}

/** Update state, task spec and label must all say that the new version runs (L30), then the data is compared. */
async function prove(
  context: RunContext,
  base: Prepared,
  next: Prepared,
  seeds: Awaited<ReturnType<typeof seedData>>,
): Promise<StageOutcome> {
  const { on } = await readDeployment(context.engine, context.stack);
  if (on !== context.trigger.ref) {
    const summary = `upgrade did not land: the running tasks are those of ${on?.slice(0, 12) ?? 'no single commit'}`;
    return { status: 'fail', cause: 'recipe', summary };
  }
  noteDroppedServices(context, base, next);
  const serving = await checkServing(context, next);
  if (serving !== null) return serving;
  const data = await checkData(context, next, seeds, 'after the upgrade');
  if (data !== null) return data;
  return (await overlayOutcome(context, 'upgrade')) ?? { status: 'pass' };
}

/** A service that the new version has not is pruned by the deployment, and said (L34). */
function noteDroppedServices(context: RunContext, base: Prepared, next: Prepared): void {
  const kept = new Set(services(next.rendered).map(([name]) => name));
  const dropped = services(base.rendered).flatMap(([name]) => (kept.has(name) ? [] : [name]));
  noteForOperator(
    context,
    dropped.map((name) => `service removed: ${name}`),
  );
}

function noteForOperator(context: RunContext, notes: readonly string[]): void {
  for (const note of notes) if (!context.scratch.operator.includes(note)) context.scratch.operator.push(note);
}

function baseName(context: RunContext): string {
  const { base } = context.discovery.plan;
  return base?.version ?? base?.ref.slice(0, 12) ?? 'version';
}
