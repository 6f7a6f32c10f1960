import { isDeepStrictEqual } from 'node:util';
import { codeOf, Failure } from '../program/failure.ts';
import { sameStack } from '../recipe/same-stack.ts';
import type { RunContext } from './context.ts';
import { type Deployed, deploy } from './deployment.ts';
import { sameContent } from './file-contents.ts';
import { bringUp } from './install.ts';
import { judgeLanded } from './landed.ts';
import { makeObjects } from './objects.ts';
import { newInCompose, noteForOperator, noteLeftBehind } from './operator-notes.ts';
import { overlayPaths, type Prepared, prepareStack } from './prepare.ts';
import { ensureSide } from './pull.ts';
import { runRecipeCommands } from './recipe-commands.ts';
import type { StageOutcome } from './recorder.ts';
import { overlayOutcome } from './run-tests.ts';
import { takeScreenshot } from './screenshot.ts';
import { checkData, type SeededData, seedData } from './seeds.ts';
import { checkServing } from './serving.ts';

export type UpgradeOutcome = StageOutcome & {
  /** The base could not be installed: another one may do. */
  readonly isBaseUnusable?: boolean;
  /** What runs now, where the commit has landed. */
  readonly landed?: Prepared;
};

/**
 * Stage upgrade, on a deployment of its own: the base on empty volumes, seeded, then brought to the commit under test
 * in place, proven to have landed, its data unchanged (stages.md). A base that cannot be installed is `unver` (L38).
 */
export async function upgrade(context: RunContext, base: Prepared): Promise<UpgradeOutcome> {
  const notInstallable = await bringUp(context, base);
  if (notInstallable !== null) {
    const cause = notInstallable.cause === 'infra' ? ({ status: 'fail', cause: 'infra' } as const) : null;
    const summary = `the base ${baseName(context)} could not be installed: ${notInstallable.summary}`;
    return { ...(cause ?? { status: 'unver', isBaseUnusable: true }), summary };
  }
  const seeds = await seedData(context, base, 'upgrade');
  const prepared = await prepareUpgrade(context, base);
  if ('outcome' in prepared) return prepared.outcome;
  const { next } = prepared;
  const problem = (await refuseNoChange(base, next)) ?? (await ensureSide(context, next));
  if (problem !== null) return problem;
  const landing = await land(context, base, next);
  if ('outcome' in landing) return landing.outcome;
  return { ...(await prove(context, { base, next }, landing.deployed, seeds)), landed: next };
}

/**
 * The upgrade keeps the operator's `.env` and secrets; what only the commit knows is added and listed. With that `.env`
 * the commit may render what it does not on its own, so it is judged again.
 */
async function prepareUpgrade(
  context: RunContext,
  base: Prepared,
): Promise<{ readonly next: Prepared } | { readonly outcome: StageOutcome }> {
  try {
    const next = await prepareStack(context, {
      dir: context.discovery.head,
      ref: context.trigger.ref,
      overlays: overlayPaths(context, 'head'),
      keep: base.env,
      keptSample: base.entries,
      overrides: context.settings.upgrade.env,
    });
    const [refusal] = next.refusals;
    if (refusal === undefined) return { next };
    const summary = `with the .env of ${baseName(context)} the commit is refused by policy: ${refusal.message}`;
    return { outcome: { status: 'fail', cause: 'policy', summary } };
  } catch (error) {
    if (!(error instanceof Failure) || codeOf(error) !== 'no-compose-file') throw error;
    const summary = `upgrade cannot begin: COMPOSE_FILE in the .env of ${baseName(context)} names a file that the commit has not: ${error.message}`;
    return { outcome: { status: 'fail', cause: 'recipe', summary } };
  }
}

/** A no-op upgrade is never a pass (L37). */
async function refuseNoChange(base: Prepared, next: Prepared): Promise<StageOutcome | null> {
  const sameFile = await sameContent([base, next]);
  const isSame =
    sameStack(base.rendered, next.rendered, { sameFile }) && isDeepStrictEqual(base.env, next.env);
  if (!isSame) return null;
  return {
    status: 'unver',
    summary: 'the commit renders the same stack as its base, so there is nothing to upgrade',
  };
}

async function land(
  context: RunContext,
  base: Prepared,
  next: Prepared,
): Promise<{ readonly deployed: Deployed } | { readonly outcome: StageOutcome }> {
  const failed = (cause: StageOutcome['cause'], why: string): { readonly outcome: StageOutcome } => {
    return { outcome: { status: 'fail', ...(cause && { cause }), summary: `upgrade did not land: ${why}` } };
  };
  try {
    const fresh = await makeObjects(context, next);
    noteForOperator(context, [...next.added, ...newInCompose(base, next), ...fresh]);
  } catch (error) {
    if (!(error instanceof Failure) || codeOf(error) !== 'config-changed') throw error;
    const cure = 'Swarm never changes one in place, so its version must be raised (in abra.sh, or in .env)';
    return failed('recipe', `${error.message}; ${cure}`);
  }
  const deployed = await deploy(context, next);
  if (deployed.convergence.ok) {
    const problem = await runRecipeCommands(context, next, 'POST_UPGRADE_CMDS');
    return problem === null ? { deployed } : { outcome: problem };
  }
  const { cause, summary, service } = deployed.convergence;
  const name = `the update of ${service} completed`;
  await context.recorder.test({ name, status: 'fail', ms: 0, message: summary });
  return failed(cause, summary);
}

/** Update state, task spec and label must all say that the new version runs (L30), then the data is compared. */
async function prove(
  context: RunContext,
  { base, next }: { readonly base: Prepared; readonly next: Prepared },
  { call, convergence, deployment }: Deployed,
  seeds: SeededData,
): Promise<StageOutcome> {
  if (!convergence.ok) throw new Error('an upgrade that has not converged cannot be proven');
  const { stack, trigger } = context;
  const { tests, outcome } = judgeLanded({ ref: trigger.ref, stack, call, convergence, deployment });
  for (const test of tests) await context.recorder.test(test);
  noteLeftBehind(context, base, next, call);
  if (outcome !== null && outcome.status !== 'pass') return outcome;
  const serving = await checkServing(context, next);
  if (serving !== null && serving.status !== 'pass') return serving;
  await takeScreenshot(context, 'screenshot-upgrade.png');
  const data = await checkData(context, next, seeds, 'after the upgrade');
  if (data !== null) return data;
  return (await overlayOutcome(context, 'upgrade')) ?? outcome ?? { status: 'pass' };
}

function baseName(context: RunContext): string {
  const { base } = context.discovery.plan;
  return base?.version ?? base?.ref.slice(0, 12) ?? 'the base';
}
