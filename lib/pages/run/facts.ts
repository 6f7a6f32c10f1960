import { stageWords } from '../../results/stage-words.ts';
import { html, type Markup, nothing } from '../html.ts';
import { isPlainName } from '../published.ts';
import type { RunView } from '../view.ts';
import { flatten } from './flatten.ts';
import type { Section } from './section.ts';

type Values = Readonly<Record<string, unknown>>;

/** What the run depended on besides the commit, and what of it is different from the last green run (L51). */
export function environmentSection({ results, started }: RunView): Section[] {
  const { images = {}, ...rest } = (results ?? started)?.environment ?? {};
  const body = html`${differences(results)}${table(rest)}${folded('Images', images)}`;
  return body.text === '' ? [] : [{ id: 'environment', heading: 'Environment', body }];
}

function differences(results: RunView['results']): Markup {
  if (results === null || results.differences.length === 0) return nothing;
  const green = results.last_green;
  const last =
    green !== null && isPlainName(green)
      ? html`<a href="../${green}/">last green run</a>`
      : html`last green run`;
  const items = results.differences.map(
    (one) => html`<li>${one}</li>
`,
  );
  return html`<p>Different from the ${last}:</p><ul>${items}</ul>`;
}

/** Which tests, hooks and settings the recipe was tested with. */
export function customizationSection(view: RunView): Section[] {
  const { counts, tests, hooks, overlays, settings, tree, warnings, ...rest } = customizationOf(view);
  const body = html`${notes(warnings)}${testTable(tests, counts)}${table({
    ...named('hooks', hooks),
    ...named('overlays', overlays),
    ...named('tree of tests', treeWords(tree)),
    ...rest,
  })}${folded('Settings', settings)}`;
  return body.text === '' ? [] : [{ id: 'tests', heading: 'Tests and settings', body }];
}

/** What the plan says, until the results say it. */
function customizationOf({ results, plan }: RunView): Values {
  if (results !== null || plan === null) return results?.customization ?? {};
  const { counts, tests, settings, tree, warnings } = plan;
  const hooks = plan.hooks.map(({ name }) => name);
  return { counts, tests, hooks, overlays: plan.overlays.map(({ file }) => file), settings, tree, warnings };
}

function notes(warnings: unknown): Markup {
  if (!Array.isArray(warnings) || warnings.length === 0) return nothing;
  return html`<ul>${warnings.map(
    (one) => html`<li>${String(one)}</li>
`,
  )}</ul>`;
}

/** A row per test file; where the record has only their number, that. */
function testTable(tests: unknown, counts: unknown): Markup {
  if (!Array.isArray(tests)) return table(named('tests', counts));
  if (tests.length === 0) return html`<p>No tests of the operator or of the repository.</p>`;
  const rows = tests.filter(isValues).map(
    ({
      stage,
      file,
      runner,
      origin,
    }) => html`<tr><td><code>${text(file)}</code></td><td>${stageWords(text(stage))}</td><td class="spare">${text(runner)}</td><td>${text(origin)}</td></tr>
`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Test files"><table><thead><tr><th scope="col">test file</th><th scope="col">stage</th><th scope="col" class="spare">run by</th><th scope="col">comes from</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function treeWords(tree: unknown): unknown {
  if (!isValues(tree)) return tree;
  const { path, commit } = tree;
  return path === null
    ? null
    : `${text(path)}${typeof commit === 'string' ? ` at ${commit.slice(0, 12)}` : ''}`;
}

function folded(heading: string, values: unknown): Markup {
  const rows = isValues(values) ? table(values) : nothing;
  return rows.text === ''
    ? nothing
    : html`<details class="wide-fold"><summary>${heading}</summary>${rows}</details>`;
}

function table(values: Values): Markup {
  const rows = flatten(values).map(
    ({ name, value }) => html`<tr><th scope="row">${name}</th><td class="value">${value}</td></tr>
`,
  );
  return rows.length === 0 ? nothing : html`<table class="pairs">${rows}</table>`;
}

function named(name: string, value: unknown): Values {
  return value === undefined ? {} : { [name]: value };
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
