import type { Brief, Fields, NamedStatus } from '../records/brief.ts';
import { olderStages } from '../records/older-results.ts';
import { stageWords } from '../results/stage-words.ts';
import { askedWords, commitTag, outcomeMark, tookOf, whenOf } from './brief-words.ts';
import { document } from './document.ts';
import { html, type Markup, nothing } from './html.ts';
import { shorten, statusWords } from './words.ts';

/** The page of a run of the replaced system: what its `results.json` has, no more (stages.md, Directory of a run). */
export function olderRunPage(brief: Brief, content: Fields): string {
  const name = shorten([brief.recipe, brief.version ?? ''].join(' ').trim(), 120);
  const facts = [askedWords(brief), took(brief)].filter((part) => part !== '').join(', ');
  const commit = brief.ref === null ? nothing : html`Commit ${commitTag(brief.ref)}`;
  const body = html`<header><p><a href="../../">All recipes</a></p><h1>${name}</h1><p>${commit} ${facts}</p><p>${whenOf(brief)}</p></header>
<main>
<section class="verdict ${brief.verdict ?? ''}">${outcomeMark(brief)}${brief.reason === null ? nothing : html`<br>${shorten(brief.reason, 1000)}`}<br>
<span class="soft">A run of the system before ccci; its verdict follows from what its stages came to.</span></section>
${stages(olderStages(content))}
<h2>Files of this run</h2><ul class="links"><li><a href="results.json">results.json</a></li></ul>
</main>
<footer>Run ${brief.run}. Made from its records by ccci.</footer>`;
  return document(`${name}: ${brief.verdict ?? 'no verdict'}`, body);
}

function took(brief: Brief): string {
  const words = tookOf(brief);
  return words === '' ? '' : `took ${words}`;
}

const signs = { pass: '✓', fail: '✗', skip: '–', unver: '?' } as const;

function stages(all: readonly NamedStatus[]): Markup {
  if (all.length === 0) return nothing;
  const rows = all.map(
    ({ name, status, summary }) => html`<li>
<div class="head"><span class="sign ${status}" aria-hidden="true">${signs[status]}</span><strong>${stageWords(shorten(name, 80))}</strong>
<span class="${status}">${statusWords[status]}</span></div>${summary === null || summary === '' ? nothing : html`<p class="why">${shorten(summary, 2000)}</p>`}</li>
`,
  );
  return html`<h2>Stages</h2><ul class="stages">${rows}</ul>`;
}
