/** What is asked of a run that has results. */
export type KeptRun = {
  readonly id: string;
  readonly recipe: string;
  readonly scope: string;
  readonly verdict: string;
  /** Epoch seconds. */
  readonly finished: number;
};

export type Retention = {
  readonly nowMs: number;
  readonly keepDays: number;
  readonly keepRuns: number;
};

/**
 * Ids of runs that need not be kept, oldest first: older than `keepDays`, and of their recipe neither among the newest
 * `keepRuns` nor the last green one. Those are what history, the times in the queue and a sweep are told from. Pure.
 */
export function decideRetired(runs: readonly KeptRun[], { nowMs, keepDays, keepRuns }: Retention): string[] {
  const byRecipe = new Map<string, KeptRun[]>();
  for (const run of [...runs].sort(newestFirst)) {
    const recipe = run.recipe.toLowerCase();
    byRecipe.set(recipe, [...(byRecipe.get(recipe) ?? []), run]);
  }
  const kept = new Set<string>();
  for (const ofRecipe of byRecipe.values()) {
    for (const { id } of ofRecipe.slice(0, keepRuns)) kept.add(id);
    const green = ofRecipe.find(({ scope, verdict }) => scope === 'full' && verdict === 'green');
    if (green !== undefined) kept.add(green.id);
  }
  const isOld = ({ finished }: KeptRun) => nowMs - finished * 1000 > keepDays * 86_400_000;
  return [...runs]
    .filter((run) => isOld(run) && !kept.has(run.id))
    .sort((one, other) => newestFirst(other, one))
    .map(({ id }) => id);
}

function newestFirst(one: KeptRun, other: KeptRun): number {
  return other.finished - one.finished || (one.id < other.id ? 1 : -1);
}
