import type { Settings } from '../recipe/settings.ts';

/** What the operator's settings ask for and no stage does, in words: nothing that was asked for is left out silently (L53). Pure. */
export function notDone(settings: Settings): string[] {
  const asked: readonly (readonly [string, boolean])[] = [
    ['screenshot', typeof settings.screenshot === 'string'],
  ];
  return asked
    .filter(([, isAsked]) => isAsked)
    .map(([key]) => `recipe.yml: ${key}: this version of ccci does not heed it`);
}
