import type { Brief } from '../records/brief.ts';
import { outcomeMark, outcomeWords, whenOf } from './brief-words.ts';
import { document } from './document.ts';
import { html, type Markup, nothing } from './html.ts';
import { type Now, nowSection } from './now.ts';
import type { RecipeFacts } from './recipe-facts.ts';
import { recipePicture } from './recipe-picture.ts';
import { runsTable } from './runs-table.ts';
import { trendGraph } from './trend.ts';
import { shorten } from './words.ts';

/** A recipe, and the run whose published screenshot shows it; null where there is none. */
export type RecipeCard = RecipeFacts & { readonly pictureOf: string | null };

export type OverviewFacts = {
  /** Sorted by name, by code unit. */
  readonly recipes: readonly RecipeCard[];
  /** Null where nobody can tell. */
  readonly now: Now | null;
};

/** How many runs of all recipes the overview shows. */
const shown = 25;

/** The page of all recipes, `index.html`: what runs, what waits, a card for each recipe, the newest runs. */
export function overviewPage({ recipes, now }: OverviewFacts): string {
  const newest = newestRuns(recipes);
  const table = runsTable(newest, {
    caption: 'The newest runs of all recipes',
    top: '',
    nameOf: ({ recipe, version }) => shorten([recipe, version ?? ''].join(' ').trim(), 120),
  });
  const all = html`<h2 id="recipes">Recipes</h2><ul class="cards">${recipes.map(card)}</ul>
<h2>Newest runs</h2>${table}`;
  const body = html`<header><h1>Recipes tested here</h1><p>${counts(recipes)}</p></header>
<main>
${nowSection(now)}
${recipes.length === 0 ? html`<h2 id="recipes">Recipes</h2><p>No run has finished yet.</p>` : all}
</main>
<footer>Made from the records of the runs by ccci. All times are UTC.</footer>`;
  return document('Recipes tested here', body);
}

/** Newest first; each list is in that order already. */
function newestRuns(recipes: readonly RecipeCard[]): Brief[] {
  return recipes
    .flatMap(({ runs }) => runs.slice(0, shown))
    .sort((one, other) => (other.finished ?? 0) - (one.finished ?? 0) || (one.run < other.run ? 1 : -1))
    .slice(0, shown);
}

function counts(recipes: readonly RecipeCard[]): string {
  const having = (verdict: string) => recipes.filter(({ last }) => last?.verdict === verdict).length;
  const runs = recipes.reduce((sum, one) => sum + one.runs.length, 0);
  const [green, red] = [having('green'), having('red')];
  const rest = recipes.length - green - red;
  const parts = [
    ...(green === 0 ? [] : [`${green} green`]),
    ...(red === 0 ? [] : [`${red} red`]),
    ...(rest === 0 ? [] : [`${rest} not judged`]),
  ];
  const named = recipes.length === 1 ? '1 recipe' : `${recipes.length} recipes`;
  return `${named}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}; ${runs === 1 ? '1 run' : `${runs} runs`}`;
}

function card(facts: RecipeCard): Markup {
  const { recipe, runs, last, trend, apart, hasPage, pictureOf } = facts;
  const name = shorten(recipe, 80);
  const link = hasPage ? html`<a href="recipe/${recipe}/">${name}</a>` : html`${name}`;
  return html`<li class="card">${recipePicture({ recipe, run: pictureOf, top: '' })}
<div class="about"><h3>${link}</h3>${last === null ? html`<p>${unjudged(runs)}</p>` : judged(last, hasPage ? recipe : null)}
${apart === null ? nothing : since(apart)}</div>
${trend.length === 0 ? nothing : html`<div class="past">${trendGraph(trend)}</div>`}</li>
`;
}

function judged(last: Brief, page: string | null): Markup {
  const version = last.version === null ? nothing : html`<p class="version">${shorten(last.version, 60)}</p>`;
  const badge =
    page === null || last.verdict === 'incomplete'
      ? nothing
      : html` <img class="badge" src="badge/${page}.svg" alt="" height="20">`;
  return html`${version}
<p class="result">${outcomeMark(last)}${badge}</p>
<p class="soft"><a href="runs/${last.run}/">Last full run</a>, ${whenOf(last)}</p>`;
}

function unjudged(runs: readonly Brief[]): string {
  return runs.some(({ scope }) => scope === 'full') ? 'Not judged yet' : 'Only parts of it were tested yet';
}

function since(apart: Brief): Markup {
  return html`<p class="soft">Newest run: <a href="runs/${apart.run}/">${outcomeWords(apart)}</a>, ${whenOf(apart)}; not about the recipe</p>`;
}
