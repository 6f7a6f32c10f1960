import type { StageName } from '../records/common.ts';
import type { ResultStage } from '../records/results.ts';
import type { RunContext } from './context.ts';
import type { StageOutcome } from './recorder.ts';
import { hookOutcome } from './run-hook.ts';

export type RunStage = {
  readonly row: ResultStage;
  /** False where the hook before it kept the stage itself from running. */
  readonly isRun: boolean;
};

/**
 * Runs one stage, the operator's hook `pre-<stage>` before it. Where a recipe that is needed is not ready, a failure
 * says nothing about this one: it becomes `unver`, with what failed (stages.md, Verdict).
 */
export async function runStage(
  context: RunContext,
  name: StageName,
  work: () => Promise<StageOutcome>,
): Promise<RunStage> {
  let isRun = false;
  const row = await context.recorder.stage(name, async () => {
    const before = await hookOutcome(context, `pre-${name}`, name);
    if (before !== null) return before;
    isRun = true;
    return withoutNeed(context, name, await work());
  });
  return { row, isRun };
}

function withoutNeed(
  { scratch: { missingNeed } }: RunContext,
  name: StageName,
  outcome: StageOutcome,
): StageOutcome {
  const isBlamed = outcome.status === 'fail' && (outcome.cause ?? 'recipe') === 'recipe';
  if (missingNeed === null || !isBlamed || name === 'lint') return outcome;
  const summary = `says nothing of this recipe, because ${missingNeed}; failed: ${outcome.summary ?? name}`;
  return { status: 'unver', summary };
}
