import type { Verdict } from '@ccci/lib/records/common.ts';
import { isSameCommit } from '@ccci/lib/results/same-commit.ts';
import type { RunOutcome, RunOutcomes } from '@ccci/lib/runs/outcomes.ts';

/** Ends that people or newer triggers chose: they say nothing of the commit. */
const saysNothing: readonly Verdict[] = ['cancelled', 'superseded'];

/**
 * The run after which nothing is left to find out about a commit: a full one that was green, with no later word to
 * the contrary. Null where the commit is to be tested. A tree with uncommitted files (`+U`) is another one; a
 * partial run cannot make a commit green, but any run can say that it no longer is. Pure.
 */
export function lastGreen(outcomes: RunOutcomes, recipe: string, ref: string): RunOutcome | null {
  const last = (outcomes.get(recipe.toLowerCase()) ?? []).findLast((outcome) => isWord(outcome, ref));
  return last?.verdict === 'green' ? last : null;
}

function isWord(outcome: RunOutcome, ref: string): boolean {
  if (outcome.ref.endsWith('+U') || !isSameCommit(outcome.ref, ref)) return false;
  if (saysNothing.includes(outcome.verdict) || outcome.kind === 'control') return false;
  return outcome.scope === 'full' || outcome.verdict !== 'green';
}
