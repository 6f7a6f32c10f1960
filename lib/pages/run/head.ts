import { html, type Markup, nothing } from '../html.ts';
import { isPlainName } from '../published.ts';
import { commitOf, type RunView, recipeOf } from '../view.ts';
import { duration, instant, uncommitted } from '../words.ts';

/** Where this page belongs, and what was tested. */
export function pageHead(view: RunView): Markup {
  return html`<header>
<nav class="trail" aria-label="Where this is"><a href="../../">All recipes</a>${recipeLink(view)} <span aria-hidden="true">/</span> <span>${view.run}</span></nav>
<h1>${title(view)}</h1>
<p>${facts(view)}</p>${time(view)}
</header>`;
}

function recipeLink(view: RunView): Markup {
  const recipe = recipeOf(view);
  const name = isPlainName(recipe) ? html`<a href="../../recipe/${recipe}/">${recipe}</a>` : html`${recipe}`;
  return html` <span aria-hidden="true">/</span> ${name}`;
}

function title(view: RunView): string {
  const version = view.results?.version ?? view.plan?.version;
  return version ? `${recipeOf(view)} ${version}` : recipeOf(view);
}

function facts(view: RunView): Markup {
  const { pr } = view.trigger ?? {};
  const pull =
    pr === undefined ? nothing : html` of ${linkOr(pr.url, `pull request ${pr.number}`)} (${pr.title})`;
  const { base = null } = view.results ?? view.started ?? {};
  const from = base === null ? nothing : html`, upgrade from <code>${base}</code>`;
  return html`Commit <code>${commitOf(view)}</code>${uncommitted(commitOf(view))}${pull}${from}`;
}

/** The forge says where a pull request is; anything but the web is not linked to. */
function linkOr(url: string, words: string): Markup {
  return /^https?:\/\//i.test(url) ? html`<a href="${url}">${words}</a>` : html`${words}`;
}

function time({ results }: RunView): Markup {
  if (results === null) return nothing;
  return html`
<p>${instant(results.started)}, took ${duration((results.finished - results.started) * 1000)}</p>`;
}
