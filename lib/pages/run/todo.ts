import { html } from '../html.ts';
import { notRun } from '../not-run.ts';
import { reproduceLine } from '../reproduce.ts';
import type { RunView } from '../view.ts';
import type { Section } from './section.ts';

/** What did not run, and why. */
export function missingSection({ results }: RunView): Section[] {
  const rows = results === null ? [] : notRun(results);
  if (rows.length === 0) return [];
  const items = rows.map(
    ({
      names,
      what,
      reason,
    }) => html`<li><strong>${names}</strong>, ${what}: ${reason || 'no reason was given'}</li>
`,
  );
  return [{ id: 'not-run', heading: 'What did not run, and why', body: html`<ul>${items}</ul>` }];
}

/** What an operator must do to upgrade. */
export function operatorSection({ results }: RunView): Section[] {
  if (results === null || results.operator.length === 0) return [];
  const items = results.operator.map(
    (one) => html`<li>${one}</li>
`,
  );
  return [{ id: 'operator', heading: 'To upgrade, an operator must see to', body: html`<ul>${items}</ul>` }];
}

/** The line that does the same at home; the end of each page that tells of a failure (product.md, U1). */
export function reproduceSection(view: RunView): Section[] {
  const line = reproduceLine(view);
  const verdict = view.results?.verdict;
  if (line === null || (verdict !== 'red' && verdict !== 'incomplete')) return [];
  const body = html`<p>The same test on your own machine, in one line:</p><pre class="once">${line}</pre>`;
  return [{ id: 'reproduce', heading: 'Reproduce it at home', body }];
}
