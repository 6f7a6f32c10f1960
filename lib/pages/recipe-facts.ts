import type { Brief } from '../records/brief.ts';
import { isPlainName } from './published.ts';
import { isAboutRecipe } from './words.ts';

/** What is shown of a recipe, from its runs alone. */
export type RecipeFacts = {
  readonly recipe: string;
  /** Newest first. */
  readonly runs: readonly Brief[];
  /** The newest full run that is about the recipe; a partial one, or one that the registry ended, changes nothing. */
  readonly last: Brief | null;
  /** The newest full run that passed or did not: what the badge shows. */
  readonly judged: Brief | null;
  readonly lastGreen: Brief | null;
  /** Full runs that are about the recipe, oldest first. */
  readonly trend: readonly Brief[];
  /** The newest full run, where it is newer than `last` and not about the recipe: infra, cancelled and their like. */
  readonly apart: Brief | null;
  /** Whether the recipe has a page and a badge: its name is the name of a folder. */
  readonly hasPage: boolean;
};

/** Puts together what is shown of a recipe; `marks` is how long the trend is. Pure. */
export function recipeFacts(recipe: string, runs: readonly Brief[], marks = 10): RecipeFacts {
  const full = runs.filter(({ scope, verdict }) => scope === 'full' && verdict !== null);
  const about = full.filter(({ verdict }) => verdict !== null && isAboutRecipe(verdict));
  const [newest] = full;
  return {
    recipe,
    runs,
    last: about[0] ?? null,
    judged: about.find(({ verdict }) => verdict !== 'incomplete') ?? null,
    lastGreen: about.find(({ verdict }) => verdict === 'green') ?? null,
    trend: about.slice(0, marks).reverse(),
    apart: newest === undefined || newest === about[0] ? null : newest,
    hasPage: isPlainName(recipe),
  };
}
