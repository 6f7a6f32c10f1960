import type { Brief } from '../records/brief.ts';
import { askedWords, commitTag, outcomeMark, tookOf, whenOf } from './brief-words.ts';
import { html, type Markup, nothing } from './html.ts';
import { shorten } from './words.ts';

export type TableOptions = {
  /** What the table holds, for who does not see the heading above it. */
  readonly caption: string;
  /** From the page to the top of the pages: ``, `../../`. */
  readonly top: string;
  /** What a row is called: the recipe on the page of all, the version on the page of one. */
  readonly nameOf: (brief: Brief) => string;
};

/** Runs as rows, in the order in which they come. */
export function runsTable(runs: readonly Brief[], { caption, top, nameOf }: TableOptions): Markup {
  const rows = runs.map((run) => row(run, top, nameOf(run)));
  return html`<table class="runs"><caption class="unseen">${caption}</caption>
<thead><tr><th scope="col">run</th><th scope="col">result</th><th scope="col">commit</th><th scope="col">when</th><th scope="col">took</th></tr></thead>
<tbody>
${rows}</tbody></table>`;
}

function row(brief: Brief, top: string, name: string): Markup {
  const { run, ref, reason, verdict, isOlder } = brief;
  const asked = askedWords(brief);
  const said = [asked, ...(isOlder ? ['replaced system'] : [])].filter((part) => part !== '').join(', ');
  const why =
    reason === null || verdict === 'green' ? nothing : html`<div class="soft">${shorten(reason, 300)}</div>`;
  return html`<tr><th scope="row"><a href="${top}runs/${run}/">${name}</a><div class="soft">${said}</div></th>
<td>${outcomeMark(brief)}${why}</td><td>${commitTag(ref)}</td><td>${whenOf(brief)}</td><td>${tookOf(brief)}</td></tr>
`;
}
