import type { Results } from '../records/results.ts';
import { isAboutRecipe } from './words.ts';

/** Level 0 to 5; white letters can be read on each of them. */
export const levelColours = ['#c5402a', '#b3591a', '#8f6f08', '#6b7511', '#507c0b', '#33810a'] as const;
/** For what says nothing about a level. */
export const noLevelColour = '#6b6b6b';

export type LevelFacts = Pick<Results, 'verdict' | 'level' | 'scope'>;

/** The level as badges and cards may show it: null for a partial run and for a verdict that is not about the recipe. */
export function shownLevel({ scope, level, verdict }: LevelFacts): number | null {
  return scope === 'partial' || !isAboutRecipe(verdict) ? null : level;
}

/** The colour of what `shownLevel` says. */
export function levelColour(level: number | null): string {
  return level === null ? noLevelColour : (levelColours[level] ?? noLevelColour);
}
