import type { ResultStage, Results, RungName } from '../records/results.ts';
import { rungNames } from '../records/results.ts';
import { listWords } from '../results/stage-words.ts';
import { isAboutRecipe, rungWords } from './words.ts';

/** The one next thing to do for a higher level: `level` is what it leads to at least. */
export type Climb = { readonly level: number; readonly todo: string };

type ClimbFacts = Pick<Results, 'level' | 'rungs' | 'scope' | 'verdict' | 'stages' | 'skips'>;

/**
 * How to climb from below level 5: what the lowest rung that did not pass asks for. Null at level 5, for a part, and
 * where it says nothing of the recipe: infrastructure, a refusal, an end from outside.
 */
export function climb(results: ClimbFacts): Climb | null {
  const { level, rungs, scope, verdict, stages } = results;
  if (scope === 'partial' || level === null || level >= 5 || !isAboutRecipe(verdict)) return null;
  if (stages.some(({ cause }) => cause === 'policy')) return null;
  const name = rungNames.find((rung) => rungs[rung] !== 'pass' && rungs[rung] !== 'skip');
  if (name === undefined) return null;
  return { level: rungNames.indexOf(name) + 1, todo: todoOf(name, results) };
}

/** `To reach level 4: write a custom test (docs/write-recipe-tests.md)`; null where there is nothing to say. */
export function climbWords(results: ClimbFacts): string | null {
  const next = climb(results);
  return next === null ? null : `To reach level ${next.level}: ${next.todo}`;
}

function todoOf(name: RungName, { rungs, stages, skips }: ClimbFacts): string {
  if (name === 'lint' && rungs.lint === 'fail') return `mend ${rulesOf(stages)}`;
  if (rungs[name] === 'fail') return `mend what made ${rungWords[name]} fail`;
  const isUnwritten = skips.unintentional.some((one) => one.name === 'custom' && one.reason === noTests);
  if (name === 'functional' && isUnwritten) return 'write a custom test (docs/write-recipe-tests.md)';
  // Why it did not stands with what did not run.
  return `${rungWords[name]} must run`;
}

/** What the plan says of a recipe that nobody has written a custom test for. */
const noTests = 'no custom tests';

/** Rules of level `error` by name; a warning keeps nobody from a level. */
function rulesOf(stages: readonly ResultStage[]): string {
  const tests = stages.findLast(({ name }) => name === 'lint')?.tests ?? [];
  const failed = tests.filter(({ status, name }) => status === 'fail' && /^R\d+$/.test(name));
  return failed.length === 0 ? 'what lint found' : listWords(failed.map(({ name }) => name));
}
