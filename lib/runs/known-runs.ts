import { join } from 'node:path';
import { messageOf } from '../program/failure.ts';
import { type Brief, briefOf } from '../records/brief.ts';
import { listRuns } from './list.ts';
import { readResultsFile } from './results-file.ts';

/** What every run came to, from the runs' own records (L57), those of the replaced system too. */
export type KnownRuns = {
  /** Reads what has finished since, forgets what is gone; recipes of which something changed. */
  readonly refresh: () => Promise<ReadonlySet<string>>;
  /** By recipe, sorted by code unit; the runs of each newest first. */
  readonly recipes: () => ReadonlyMap<string, readonly Brief[]>;
};

/** Files read at a time. */
const width = 16;

/**
 * Reads each `results.json` once: it is written whole, and never again. A damaged or unreadable one is said once and
 * left out. `isId` keeps out what is no run.
 */
export function openKnownRuns(
  runs: string,
  { isId, warn }: { readonly isId: (id: string) => boolean; readonly warn: (message: string) => void },
): KnownRuns {
  const known = new Map<string, Brief | null>();
  const said = new Set<string>();
  let recipes: ReadonlyMap<string, readonly Brief[]> = new Map();
  const complain = (message: string) => {
    if (!said.has(message)) warn(message);
    said.add(message);
  };
  const learn = async (id: string): Promise<string[]> => {
    const found = await readBrief(runs, id, complain);
    if (found !== undefined) known.set(id, found);
    return found ? [found.recipe] : [];
  };
  return {
    refresh: async () => {
      const ids = (await listRuns(runs)).filter(isId);
      const changed = new Set(forget(known, new Set(ids)));
      const fresh = ids.filter((id) => !known.has(id));
      for (let first = 0; first < fresh.length; first += width) {
        for (const recipe of (await Promise.all(fresh.slice(first, first + width).map(learn))).flat())
          changed.add(recipe);
      }
      if (changed.size > 0) recipes = group(known.values());
      return changed;
    },
    recipes: () => recipes,
  };
}

/** Directories that the janitor removed; the recipes that they were of. */
function forget(known: Map<string, Brief | null>, ids: ReadonlySet<string>): string[] {
  const gone = [...known].filter(([id]) => !ids.has(id));
  for (const [id] of gone) known.delete(id);
  return gone.flatMap(([, brief]) => brief?.recipe ?? []);
}

function group(briefs: Iterable<Brief | null>): Map<string, readonly Brief[]> {
  const byRecipe = new Map<string, Brief[]>();
  for (const brief of briefs) {
    if (brief === null) continue;
    const list = byRecipe.get(brief.recipe);
    if (list === undefined) byRecipe.set(brief.recipe, [brief]);
    else list.push(brief);
  }
  for (const list of byRecipe.values()) list.sort(byTime);
  return new Map([...byRecipe].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Newest first; equal times in an order that does not hang on who was read first. */
function byTime(one: Brief, other: Brief): number {
  return (other.finished ?? 0) - (one.finished ?? 0) || (one.run < other.run ? 1 : -1);
}

/** Undefined where there is none yet, or where another look may help; null for one that nobody can use. */
async function readBrief(
  runs: string,
  id: string,
  complain: (message: string) => void,
): Promise<Brief | null | undefined> {
  const path = join(runs, id, 'results.json');
  try {
    const content = await readResultsFile(runs, id);
    if (content === undefined) return undefined;
    const brief = briefOf(content, id);
    if (brief === null)
      complain(`${path} holds no results that are known here; its run is left out of the pages`);
    return brief;
  } catch (error) {
    complain(`cannot read ${path}: ${messageOf(error)}; its run is left out of the pages`);
    return undefined;
  }
}
