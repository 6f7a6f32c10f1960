import { dirname } from 'node:path';
import { takeGreenBase } from '../plan/older-base.ts';
import { exitStatus, Failure } from '../program/failure.ts';
import { readGreen } from '../runs/green.ts';
import type { RunContext } from './context.ts';
import type { Sides } from './policy.ts';
import { overlayPaths, type Prepared, prepareStack } from './prepare.ts';
import { pullImages } from './pull.ts';
import type { StageOutcome } from './recorder.ts';
import { makeRendersSame } from './renders-same.ts';
import { clearDeployment } from './teardown.ts';
import { type UpgradeOutcome, upgrade } from './upgrade.ts';

/**
 * Stage upgrade from the planned base; where that cannot be had or installed, from the last published version that was
 * green here in a full run, said so; else `unver` with the reason (L38, stages.md).
 */
export async function upgradeFrom(context: RunContext, sides: Sides): Promise<UpgradeOutcome> {
  const noBase: UpgradeOutcome = {
    status: 'unver',
    summary: sides.baseProblem ?? 'there is no base to upgrade from',
    isBaseUnusable: true,
  };
  const first = sides.base === null ? noBase : await upgrade(context, sides.base);
  if (first.isBaseUnusable !== true) return first;
  const other = await prepareOther(context);
  if (other === null) return first;
  const cleared = await clearDeployment(other.context);
  if (!cleared.clean) return { status: 'unver', summary: `not run: ${cleared.summary}` };
  context.scratch.base = other.context.discovery.plan.base;
  const second = await upgrade(other.context, other.base);
  const words = `from ${other.version}, the last published version that was green here (${first.summary})`;
  const summary = (second.summary ?? null) === null ? `upgraded ${words}` : `${second.summary}; ${words}`;
  return { ...second, summary };
}

type Other = { readonly context: RunContext; readonly base: Prepared; readonly version: string };

async function prepareOther(context: RunContext): Promise<Other | null> {
  const { discovery, signal, trigger } = context;
  const green = await readGreen(dirname(context.directory.dir), trigger.recipe);
  const into = `${discovery.base ?? `${discovery.head}-base`}-green`;
  const rendersSame = makeRendersSame(trigger.recipe, signal);
  const base = await takeGreenBase(discovery, {
    isGreen: ({ name, commit }) => green.versions.has(name) || green.refs.has(commit.slice(0, 12)),
    into,
    rendersSame,
    signal,
  });
  if (base === null) return null;
  const plan = { ...discovery.plan, base };
  const own = { ...context, discovery: { ...discovery, base: into, plan } };
  const prepared = await prepareUsable(own, into, base.ref);
  return prepared === null ? null : { context: own, base: prepared, version: base.version };
}

/** Null where this one cannot be rendered, is refused, or has an image that is gone. */
async function prepareUsable(context: RunContext, dir: string, ref: string): Promise<Prepared | null> {
  try {
    const base = await prepareStack(context, { dir, ref, overlays: overlayPaths(context, 'head') });
    if (base.refusals.length > 0) return null;
    const sides: Sides = { head: null, base, baseProblem: null };
    const pulled: StageOutcome = await pullImages(context, sides);
    return pulled.status === 'pass' ? sides.base : null;
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== exitStatus.badInput) throw error;
    return null;
  }
}
