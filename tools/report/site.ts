import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { badge } from '@ccci/lib/pages/badge.ts';
import type { Now } from '@ccci/lib/pages/now.ts';
import { overviewPage, type RecipeCard } from '@ccci/lib/pages/overview.ts';
import { isPlainName } from '@ccci/lib/pages/published.ts';
import { recipePages } from '@ccci/lib/pages/recipe.ts';
import { recipeFacts } from '@ccci/lib/pages/recipe-facts.ts';
import type { Brief } from '@ccci/lib/records/brief.ts';
import type { KnownRuns } from '@ccci/lib/runs/known-runs.ts';
import { listGone, removePages, removeRecipe } from './stale-pages.ts';
import { writePage } from './write-page.ts';

export type Site = {
  /** Brings overview, histories and badges to what the runs' directories say now. */
  readonly write: () => Promise<void>;
};

export type SiteOptions = {
  /** `report.directory`. */
  readonly directory: string;
  readonly known: KnownRuns;
  readonly now: () => Promise<Now>;
  /** One page that cannot be written keeps no other from it. */
  readonly complain: (error: unknown) => void;
};

/** Writes what all runs have in common. Of histories only those of which something changed, or that failed before. */
export function makeSite({ directory, known, now, complain }: SiteOptions): Site {
  let isFirst = true;
  const due = new Set<string>();
  const note = async (changed: ReadonlySet<string>) => {
    const all = isFirst ? known.recipes().keys() : [];
    const gone = isFirst ? await listGone(directory, new Set(known.recipes().keys())).catch(() => []) : [];
    for (const recipe of [...changed, ...all, ...gone].filter(isPlainName)) due.add(recipe);
    isFirst = false;
  };
  return {
    write: async () => {
      await note(await known.refresh());
      const recipes = known.recipes();
      for (const recipe of due) {
        try {
          await writeRecipe(recipe, recipes, directory);
          due.delete(recipe);
        } catch (error) {
          complain(error);
        }
      }
      const cards = [...recipes].map(([recipe, runs]) => cardOf(recipe, runs, directory));
      const moment = await now().catch((error) => {
        complain(error);
        return null;
      });
      await writePage(join(directory, 'index.html'), overviewPage({ recipes: cards, now: moment }));
    },
  };
}

async function writeRecipe(
  recipe: string,
  recipes: ReadonlyMap<string, readonly Brief[]>,
  directory: string,
): Promise<void> {
  const runs = recipes.get(recipe);
  // Where there is no run at all, the runs are rather not to be seen than gone.
  if (runs === undefined) return recipes.size === 0 ? undefined : removeRecipe(directory, recipe);
  const facts = cardOf(recipe, runs, directory);
  const { judged } = facts;
  if (judged?.verdict) {
    const face = { verdict: judged.verdict, level: judged.level, scope: judged.scope };
    await writePage(join(directory, 'badge', `${recipe}.svg`), badge(face));
  }
  const pages = recipePages(facts);
  for (const { path, content } of pages) {
    await writePage(join(directory, 'recipe', recipe, path), content);
  }
  await removePages(directory, recipe, pages.length - 1);
}

function cardOf(recipe: string, runs: readonly Brief[], directory: string): RecipeCard {
  return { ...recipeFacts(recipe, runs), pictureOf: pictureOf(runs, directory) };
}

/** How many runs are looked through for a picture: what is older shows another recipe. */
const looked = 20;

/** The newest run whose screenshot was published. */
function pictureOf(runs: readonly Brief[], directory: string): string | null {
  const having = runs.filter(({ hasScreenshot }) => hasScreenshot).slice(0, looked);
  const found = having.find(({ run }) => existsSync(join(directory, 'runs', run, 'screenshot.png')));
  return found?.run ?? null;
}
