import { visible } from '../program/visible.ts';
import { type RunView, recipeOf } from './view.ts';
import { isAboutRecipe } from './words.ts';

/** One line per run: `506 drone L5`; without a level the verdict stands in its place. */
export function summaryLine(view: RunView): string {
  return `${visible(`${view.run} ${recipeOf(view)} ${outcome(view)}`)}\n`;
}

function outcome({ results, drop }: RunView): string {
  if (results === null) return drop === null ? 'unfinished' : `dropped ${drop.reason}`;
  if (results.scope === 'partial') return `partial ${results.verdict}`;
  return isAboutRecipe(results.verdict) && results.level !== null ? `L${results.level}` : results.verdict;
}
