import { html, type Markup, nothing } from '../html.ts';
import { fixedPictures, type PublishedFiles, publishedFiles } from '../published.ts';
import type { RunView } from '../view.ts';
import type { Section } from './section.ts';

/** The log of each service: a link, and with the script a viewer with a search. */
export function logsSection(view: RunView): Section[] {
  const { logs } = publishedFiles(view);
  if (logs.length === 0) return [];
  const withheld = withheldOf(view);
  const open = logs.filter(({ path }) => !withheld.includes(path));
  const items = logs.map((log) => {
    return open.includes(log)
      ? link(log)
      : html`<li>${log.label}: withheld, because it held a secret</li>
`;
  });
  const body = html`<ul class="links">${items}</ul>${open.length === 0 ? nothing : viewer(open)}`;
  return [{ id: 'logs', heading: 'Logs', body }];
}

/** Everything of this run to take along. */
export function downloadsSection(view: RunView): Section[] {
  const withheld = withheldOf(view);
  const card = fixedPictures.filter((name) => name === view.results?.summary_card);
  const paths = [...publishedFiles(view).downloads.map(({ path }) => path), ...card];
  const files = paths.filter((path) => !withheld.includes(path));
  if (files.length === 0) return [];
  const [junit, plain] = [true, false].map((isJunit) =>
    files.filter((path) => path.startsWith('junit/') === isJunit).map((path) => link({ path, label: path })),
  ) as [Markup[], Markup[]];
  const folded =
    junit.length === 0
      ? nothing
      : html`<details class="wide-fold"><summary>JUnit, ${countFiles(junit)}</summary><ul class="links">${junit}</ul></details>`;
  return [
    { id: 'files', heading: 'Files of this run', body: html`<ul class="links">${plain}</ul>${folded}` },
  ];
}

function countFiles({ length }: readonly Markup[]): string {
  return length === 1 ? '1 file' : `${length} files`;
}

function withheldOf({ results }: RunView): readonly unknown[] {
  const withheld = results?.flags.withheld;
  // In the log of records each secret is overwritten where it stood, and the rest is shown.
  return Array.isArray(withheld) ? withheld.filter((name) => name !== 'events.ndjson') : [];
}

function link({ path, label }: PublishedFiles['logs'][number]): Markup {
  return html`<li><a href="${path}">${label}</a></li>
`;
}

/** Hidden until the script (client/viewer.ts) brings it to life. */
function viewer(logs: PublishedFiles['logs']): Markup {
  const options = logs.map(({ path, label }) => html`<option value="${path}">${label}</option>`);
  return html`
<div class="viewer" data-logs hidden>
<div class="bar"><label>Service <select data-choice>${options}</select></label>
<label class="grow">Search <input type="search" data-query autocomplete="off" spellcheck="false"></label></div>
<p class="soft" role="status" data-status></p>
<div class="lines" role="region" aria-label="Lines of the log" tabindex="0" data-lines></div>
<div class="bar"><button type="button" data-earlier hidden>Earlier lines</button><button type="button" data-later hidden>Later lines</button>
<button type="button" data-more hidden>Search on</button></div>
</div>`;
}
