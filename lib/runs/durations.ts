import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { codeOf } from '../program/failure.ts';
import { listRuns } from './list.ts';

/** A full run that came to its end, and how long that took. */
export type PastRun = { readonly recipe: string; readonly finished: number; readonly ms: number };

/** How long a run of a recipe takes, by its past. */
export type Expected = { readonly medianMs: number; readonly longestMs: number };

export type Durations = {
  /** Reads what has finished since; results never change, so each is read once. */
  readonly refresh: () => Promise<void>;
  /** Null when no run has ever finished. */
  readonly expect: (recipe: string) => Expected | null;
};

/** How many past runs of a recipe are believed, the newest. */
const believed = 20;

/** What is needed of `results.json`: a whole schema for each of a thousand runs would be felt at the start. */
const pastSchema = z.looseObject({
  recipe: z.string(),
  scope: z.string(),
  verdict: z.string(),
  started: z.number(),
  finished: z.number(),
});

/** Knows how long runs took, from the runs' own records (L57). */
export function openDurations(runs: string): Durations {
  const known = new Map<string, PastRun | null>();
  const expected = new Map<string, Expected | null>();
  return {
    refresh: async () => {
      expected.clear();
      const fresh = (await listRuns(runs)).filter((id) => !known.has(id));
      for (const id of fresh) {
        const past = await readPast(join(runs, id, 'results.json'));
        if (past !== undefined) known.set(id, past);
      }
    },
    expect: (recipe) => {
      const kept = expected.get(recipe);
      if (kept !== undefined) return kept;
      const past = [...known.values()].flatMap((one) => one ?? []);
      expected.set(recipe, expectedOf(past, recipe));
      return expected.get(recipe) ?? null;
    },
  };
}

/** The newest runs of the recipe, else those of all recipes. Pure. */
export function expectedOf(past: readonly PastRun[], recipe: string): Expected | null {
  const own = past.filter((run) => run.recipe === recipe);
  const newest = [...own].sort((a, b) => b.finished - a.finished).slice(0, believed);
  const all = (own.length > 0 ? newest : past).map(({ ms }) => ms).sort((a, b) => a - b);
  const [low, high] = [all[Math.floor((all.length - 1) / 2)], all[Math.floor(all.length / 2)]];
  if (low === undefined || high === undefined) return null;
  return { medianMs: (low + high) / 2, longestMs: all.at(-1) ?? high };
}

/** Undefined while there is no result; null for one that says nothing about how long a whole run takes. */
async function readPast(path: string): Promise<PastRun | null | undefined> {
  const content = await readFile(path, 'utf8').catch((error) => {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  });
  if (content === undefined) return undefined;
  const parsed = pastSchema.safeParse(parse(content));
  if (!parsed.success) return null;
  const { recipe, scope, verdict, started, finished } = parsed.data;
  const isWhole = scope === 'full' && ['green', 'red', 'incomplete'].includes(verdict);
  return isWhole && finished >= started ? { recipe, finished, ms: (finished - started) * 1000 } : null;
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
