import { exitStatus, Failure } from '../program/failure.ts';
import { changesBetween } from '../recipe/changes.ts';
import type { Refusal } from '../recipe/policy.ts';
import type { Changes } from '../records/changes.ts';
import { maskAll } from '../runs/mask-all.ts';
import type { RunContext } from './context.ts';
import { overlayPaths, type PrepareContext, type Prepared, prepareStack } from './prepare.ts';
import type { StageOutcome } from './recorder.ts';

/** Both sides of a run, as far as they can be had. */
export type Sides = {
  head: Prepared | null;
  base: Prepared | null;
  /** Why there is no base although one was planned. */
  baseProblem: string | null;
};

/** All that is needed to judge both sides; nothing of it is an engine's. */
export type JudgeContext = PrepareContext &
  Pick<RunContext, 'masker'> & {
    readonly trigger: Pick<RunContext['trigger'], 'recipe' | 'ref'>;
    readonly discovery: Pick<RunContext['discovery'], 'head' | 'base'>;
    readonly scratch: Pick<RunContext['scratch'], 'changes'>;
  };

/**
 * Renders both commits once and judges the rendered text; what is refused is never deployed (security.md).
 * A recipe that cannot be rendered fails; a refusal is the policy's doing, with the line that would allow it.
 */
export async function judgeSides(context: JudgeContext, sides: Sides): Promise<StageOutcome> {
  const head = await prepareHead(context);
  if ('outcome' in head) return head.outcome;
  if (head.prepared.refusals.length > 0) return refused(head.prepared.refusals);
  sides.head = head.prepared;
  const base = await prepareBase(context, sides);
  if (base === null) return { status: 'pass' };
  const changes = compareSides(context, base, head.prepared);
  context.scratch.changes = changes;
  return { status: 'pass', changes };
}

async function prepareHead(
  context: JudgeContext,
): Promise<{ readonly prepared: Prepared } | { readonly outcome: StageOutcome }> {
  try {
    const prepared = await prepareStack(context, {
      dir: context.discovery.head,
      ref: context.trigger.ref,
      overlays: overlayPaths(context, 'head'),
    });
    return { prepared };
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== exitStatus.badInput) throw error;
    const cause = refusedCodes.includes(error.code) ? 'policy' : 'recipe';
    return { outcome: { status: 'fail', cause, summary: error.message } };
  }
}

/** The base as far as it can be rendered: one that is refused is not deployed, and still tells what changes. */
async function prepareBase(context: JudgeContext, sides: Sides): Promise<Prepared | null> {
  const { base, plan } = context.discovery;
  if (base === null || plan.base === null) return null;
  try {
    const prepared = await prepareStack(context, {
      dir: base,
      ref: plan.base.ref,
      overlays: overlayPaths(context, 'base'),
    });
    if (prepared.refusals.length === 0) sides.base = prepared;
    else sides.baseProblem = `the base is refused by policy: ${prepared.refusals[0]?.message}`;
    return prepared;
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== exitStatus.badInput) throw error;
    sides.baseProblem = `the base cannot be rendered: ${error.message}`;
    return null;
  }
}

function compareSides(context: JudgeContext, base: Prepared, head: Prepared): Changes {
  const { plan } = context.discovery;
  const side = ({ rendered, entries }: Prepared) => ({ stack: rendered, entries });
  const against = plan.base?.version ?? base.ref.slice(0, 12);
  const changes = changesBetween(side(base), side(head), { against, stackName: context.stack });
  return maskAll(changes, context.masker);
}

/** Codes of what is refused before it is rendered. */
const refusedCodes: readonly string[] = ['outside-checkout', 'file-too-large', 'bad-env'];
/** As many as a person reads; the rest is counted. */
const mostRefusals = 20;

function refused(refusals: readonly Refusal[]): StageOutcome {
  const shown = refusals.slice(0, mostRefusals).map(({ message }) => message);
  const more = refusals.length - shown.length;
  const summary = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  return { status: 'fail', cause: 'policy', summary };
}
