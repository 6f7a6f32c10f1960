import type { Settings } from '../recipe/settings.ts';

/** Hooks that a run calls; the others are known names that no stage calls. */
const called: readonly string[] = ['install', 'seed', 'mutate', 'check', 'backup-verify', 'pre-backup'];

/**
 * What the operator's tree asks for and no stage does, in words: nothing that was asked for is left out silently
 * (L53). Pure.
 */
export function notDone(hooks: readonly { readonly name: string }[], settings: Settings): string[] {
  const asked: readonly (readonly [string, boolean])[] = [
    ['deployments: 1', settings.deployments === 1],
    ['hooks.engine: true', settings.hooks.engine],
    ['screenshot', typeof settings.screenshot === 'string'],
  ];
  return [
    ...hooks
      .filter(({ name }) => !called.includes(name))
      .map(({ name }) => `hooks/${name}: this version of ccci does not call it`),
    ...asked
      .filter(([, isAsked]) => isAsked)
      .map(([key]) => `recipe.yml: ${key}: this version of ccci does not heed it`),
  ];
}

/** The same for commands that a recipe wants to be run after a deployment. Pure. */
export function commandsNotDone(commands: readonly string[]): string[] {
  return commands.map((name) => `.env.sample: ${name}: this version of ccci does not run these commands`);
}
