import type { Results } from '../records/results.ts';
import { document } from './document.ts';
import { html, type Markup } from './html.ts';
import { duration, headline, instant, isAboutRecipe } from './words.ts';

/** How many runs the overview shows. */
const shown = 200;

/** The page of all runs, newest first. */
export function overviewPage(runs: readonly Results[]): string {
  const newest = [...runs].sort((a, b) => b.finished - a.finished || (a.run_id < b.run_id ? 1 : -1));
  const rows = newest.slice(0, shown).map(row);
  const table = html`<div class="scroll"><table>
<tr><th>recipe</th><th>result</th><th class="wide">commit</th><th class="wide">when</th><th class="wide">took</th></tr>
${rows}</table></div>`;
  const body = html`<header><h1>Recipes tested here</h1><p>${newest.length} ${newest.length === 1 ? 'run' : 'runs'}</p></header>
<main>${rows.length === 0 ? html`<p>No run has finished yet.</p>` : table}</main>
<footer>Made from the records of the runs by ccci.</footer>`;
  return document('ccci', body);
}

function row(results: Results): Markup {
  const version = results.version === null ? '' : ` ${results.version}`;
  const pull = results.pr === null ? '' : `, pull request ${results.pr}`;
  return html`<tr><td><a href="runs/${results.run_id}/">${results.recipe}${version}</a><br><span class="soft">${results.kind}${pull}</span></td>
<td><strong class="${colour(results)}">${outcome(results)}</strong><br><span class="soft">${headline(results)}</span></td>
<td class="wide"><code>${results.ref}</code></td><td class="wide">${instant(results.started)}</td>
<td class="wide">${duration((results.finished - results.started) * 1000)}</td></tr>
`;
}

function outcome({ verdict, level, scope }: Results): string {
  if (scope === 'partial') return `${verdict}, partial`;
  return level === null || !isAboutRecipe(verdict) ? verdict : `${verdict}, level ${level}`;
}

function colour({ verdict }: Results): string {
  return verdict === 'green' ? 'pass' : verdict === 'red' ? 'fail' : 'unver';
}
