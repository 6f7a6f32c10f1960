/** What is asked of a run that has results. */
export type KeptRun = {
  readonly id: string;
  readonly recipe: string;
  readonly scope: string;
  readonly verdict: string;
  readonly version: string | null;
  /** Epoch seconds. */
  readonly finished: number;
};

export type Retention = {
  readonly nowMs: number;
  readonly keepDays: number;
  readonly keepRuns: number;
};

/** Versions whose last green run is kept: the last one, the base that it was upgraded from, and the one in its place. */
const greenVersions = 3;

/**
 * Ids of runs that need not be kept, oldest first: older than `keepDays`, and of their recipe neither among the newest
 * `keepRuns` nor a green one that is needed. Those are what history, the times in the queue and a sweep are told from.
 * Pure.
 */
export function decideRetired(runs: readonly KeptRun[], { nowMs, keepDays, keepRuns }: Retention): string[] {
  const kept = keptOfEach(runs, keepRuns);
  const isOld = ({ finished }: KeptRun) => nowMs - finished * 1000 > keepDays * 86_400_000;
  return oldestFirst(runs.filter((run) => isOld(run) && !kept.has(run.id)));
}

/** Ids of runs that may go where the disk is short, whatever their age, oldest first: not the newest of a recipe. Pure. */
export function decideSpare(runs: readonly KeptRun[]): string[] {
  const kept = keptOfEach(runs, 1);
  return oldestFirst(runs.filter(({ id }) => !kept.has(id)));
}

/** A run that was attached to another one's deployment: told apart by its id. */
export function isAttached(id: string): boolean {
  return /\.attach-\d+$/.test(id);
}

function keptOfEach(runs: readonly KeptRun[], keepRuns: number): ReadonlySet<string> {
  const byRecipe = new Map<string, KeptRun[]>();
  for (const run of [...runs].sort(newestFirst)) {
    const recipe = run.recipe.toLowerCase();
    const ofRecipe = byRecipe.get(recipe);
    if (ofRecipe === undefined) byRecipe.set(recipe, [run]);
    else ofRecipe.push(run);
  }
  const kept = new Set<string>();
  for (const ofRecipe of byRecipe.values()) {
    // Whoever writes tests attaches a hundred times a day: that must not push the history out.
    const counted = ofRecipe.filter(({ id }) => !isAttached(id));
    for (const { id } of counted.slice(0, keepRuns)) kept.add(id);
    for (const { id } of neededGreen(ofRecipe)) kept.add(id);
  }
  return kept;
}

/**
 * The last green full run, and those of the versions before it: where the base of an upgrade cannot be installed, the
 * last version that was green here takes its place (lib/runs/green.ts, L38).
 */
function neededGreen(newestFirst: readonly KeptRun[]): KeptRun[] {
  const byVersion = new Map<string | null, KeptRun>();
  for (const run of newestFirst) {
    if (run.scope !== 'full' || run.verdict !== 'green' || byVersion.has(run.version)) continue;
    byVersion.set(run.version, run);
    if (byVersion.size === greenVersions) break;
  }
  return [...byVersion.values()];
}

function oldestFirst(runs: readonly KeptRun[]): string[] {
  return [...runs].sort((one, other) => newestFirst(other, one)).map(({ id }) => id);
}

function newestFirst(one: KeptRun, other: KeptRun): number {
  return other.finished - one.finished || (one.id < other.id ? 1 : -1);
}
