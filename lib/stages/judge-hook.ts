/** The status by which any hook says that the recipe is at fault (docs/hooks.md). */
export const recipeStatus = 65;

/** Hooks that are asked something: their 1 is a no, and the answer is about the recipe. */
const asked: readonly string[] = ['check', 'backup-verify', 'ready'];

export type HookEnding = {
  readonly name: string;
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly timeoutMs: number;
  readonly lastLine: string;
};

export type HookJudgement = {
  readonly ok: boolean;
  readonly fault: 'recipe' | 'ours' | null;
  readonly summary: string;
};

/**
 * Whose fault a hook's end is. A broken hook of ours must not look like a broken recipe, and a script ends with 1 for
 * many reasons of its own: so the recipe is blamed by 65 alone, and by the 1 of a hook that asks. Pure.
 */
export function judgeHook(ending: HookEnding): HookJudgement {
  const { name, exitCode, timedOut } = ending;
  if (exitCode === 0 && !timedOut) return { ok: true, fault: null, summary: `hook ${name} ended with 0` };
  const isNo = exitCode === 1 && asked.includes(name);
  const isRecipe = !timedOut && (isNo || exitCode === recipeStatus);
  return { ok: false, fault: isRecipe ? 'recipe' : 'ours', summary: wordsFor(ending, isRecipe) };
}

function wordsFor({ name, exitCode, timedOut, timeoutMs, lastLine }: HookEnding, isRecipe: boolean): string {
  const said = lastLine === '' ? '' : `: "${lastLine}"`;
  if (isRecipe) return `hook ${name} says that the recipe fails${said}`;
  if (timedOut) return `hook ${name} of the operator did not end within ${timeoutMs / 1000} s`;
  const how = exitCode === null ? 'was ended by a signal' : `is broken: it ended with ${exitCode}`;
  return `hook ${name} of the operator ${how}${said}`;
}
