import type { Brief } from '../records/brief.ts';
import { outcomeMark, outcomeWords, whenOf } from './brief-words.ts';
import { document } from './document.ts';
import { html, type Markup, nothing } from './html.ts';
import type { RecipeFacts } from './recipe-facts.ts';
import { recipePicture } from './recipe-picture.ts';
import { runsTable } from './runs-table.ts';
import { trendGraph } from './trend.ts';
import { shorten } from './words.ts';

export type HistoryFacts = RecipeFacts & { readonly pictureOf: string | null };

/** A page of a recipe's history: where it lies below `recipe/<name>/`, and what is in it. */
export type HistoryPage = { readonly path: string; readonly content: string };

/** Runs on one page; the first one, with the newest, holds up to twice as many. */
export const pageSize = 100;

/**
 * The history of a recipe: `index.html` with the newest runs, and `1/index.html`, `2/index.html`, … with the older ones,
 * oldest first. A page of older runs is never written again, however many runs come; all are reachable.
 */
export function recipePages(facts: HistoryFacts): readonly HistoryPage[] {
  const older = Math.max(0, Math.floor(facts.runs.length / pageSize) - 1);
  const newest = facts.runs.length - older * pageSize;
  const first = { path: 'index.html', content: firstPage(facts, facts.runs.slice(0, newest), older) };
  const rest = Array.from({ length: older }, (_, index) => {
    const end = facts.runs.length - index * pageSize;
    const runs = facts.runs.slice(end - pageSize, end);
    return { path: `${index + 1}/index.html`, content: olderPage(facts, runs, { page: index + 1, older }) };
  });
  return [first, ...rest];
}

function firstPage(facts: HistoryFacts, runs: readonly Brief[], older: number): string {
  const { recipe, last, apart, trend, pictureOf } = facts;
  const name = shorten(recipe, 80);
  const table = runsTable(runs, {
    caption: `Runs of ${name}, newest first`,
    top: '../../',
    nameOf: versionOf,
  });
  const links =
    older === 0 ? nothing : html`<nav aria-label="Pages of runs"><a href="${older}/">Older runs</a></nav>`;
  const body = html`<header><p><a href="../../">All recipes</a></p><h1>${name}</h1><p>${counts(facts)}</p></header>
<main>
<section class="state" aria-label="State of the recipe">${recipePicture({ recipe, run: pictureOf, top: '../../' })}
<div class="about">${last === null ? html`<p>No full run has judged this recipe yet.</p>` : state(last, facts)}
${apart === null ? nothing : since(apart)}
${trend.length === 0 ? nothing : html`<div class="past">${trendGraph(trend)}</div>`}</div></section>
<h2>Runs</h2>
${table}
${links}
</main>
<footer>Made from the records of the runs by ccci. All times are UTC.</footer>`;
  return document(`${name}: all runs`, body);
}

function olderPage(
  { recipe }: HistoryFacts,
  runs: readonly Brief[],
  { page, older }: { readonly page: number; readonly older: number },
): string {
  const name = shorten(recipe, 80);
  const caption = `Older runs of ${name}, newest first`;
  const newer =
    page === older ? html`<a href="../">Newer runs</a>` : html`<a href="../${page + 1}/">Newer runs</a>`;
  const before = page === 1 ? nothing : html` <a href="../${page - 1}/">Older runs</a>`;
  const body = html`<header><p><a href="../../../">All recipes</a> · <a href="../">${name}</a></p><h1>${name}: older runs</h1></header>
<main>
${runsTable(runs, { caption, top: '../../../', nameOf: versionOf })}
<nav aria-label="Pages of runs">${newer}${before}</nav>
</main>
<footer>Made from the records of the runs by ccci. All times are UTC.</footer>`;
  return document(`${name}: older runs, page ${page}`, body);
}

function versionOf({ version, run }: Brief): string {
  return shorten(version ?? run, 100);
}

function counts({ runs }: HistoryFacts): string {
  const full = runs.filter(({ scope }) => scope === 'full');
  const having = (verdict: string) => full.filter((run) => run.verdict === verdict).length;
  const named = runs.length === 1 ? '1 run' : `${runs.length} runs`;
  return `${named}; of ${full.length} full ones ${having('green')} green, ${having('red')} red`;
}

function state(last: Brief, { recipe, lastGreen, judged, hasPage }: HistoryFacts): Markup {
  const version = last.version === null ? nothing : html`<p class="version">${shorten(last.version, 60)}</p>`;
  const badge =
    hasPage && judged !== null
      ? html` <img class="badge" src="../../badge/${recipe}.svg" alt="" height="20">`
      : nothing;
  return html`${version}<p class="result">${outcomeMark(last)}${badge}</p>
<p class="soft"><a href="../../runs/${last.run}/">Last full run</a>, ${whenOf(last)}</p>
${lastGreen === null || lastGreen === last ? nothing : html`<p class="soft"><a href="../../runs/${lastGreen.run}/">Last green run</a>, ${whenOf(lastGreen)}</p>`}`;
}

function since(apart: Brief): Markup {
  return html`<p class="soft">Newest run: <a href="../../runs/${apart.run}/">${outcomeWords(apart)}</a>, ${whenOf(apart)}; not about the recipe</p>`;
}
