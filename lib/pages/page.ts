import type { ResultStage } from '../records/results.ts';
import { stageWords } from '../results/stage-words.ts';
import { document } from './document.ts';
import { html, type Markup, nothing } from './html.ts';
import { notRun } from './not-run.ts';
import { type PublishedFiles, publishedFiles } from './published.ts';
import { type StageRow, stageRows } from './stage-rows.ts';
import { commitOf, type RunView, recipeOf, type StageView } from './view.ts';
import { duration, headline, instant, levelWords, uncommitted } from './words.ts';

/** The page of one run, `runs/<id>/index.html`; of one that still runs, how far it has come. */
export function runPage(view: RunView): string {
  const files = publishedFiles(view);
  const body = html`<header>
<p><a href="../../">All runs</a></p>
<h1>${title(view)}</h1>
<p>${facts(view)}</p>${time(view)}
</header>
<main>
${verdict(view)}
${stages(view)}
${missing(view)}
${operator(view)}
${links('Logs', files.logs)}
${values('Environment', view.results?.environment ?? view.started?.environment ?? {})}
${values('Recipe and tests', view.results?.customization ?? {})}
${links('Files of this run', files.downloads)}
</main>
<footer>Run ${view.run}. Made from its records by ccci.</footer>`;
  return document(`${recipeOf(view)}: ${view.results?.verdict ?? 'running'}`, body);
}

function title(view: RunView): string {
  const version = view.results?.version ?? view.plan?.version;
  return version ? `${recipeOf(view)} ${version}` : recipeOf(view);
}

function facts(view: RunView): Markup {
  const { pr } = view.trigger ?? {};
  const pull =
    pr === undefined
      ? nothing
      : html` of <a href="${safeAddress(pr.url)}">pull request ${pr.number}</a> (${pr.title})`;
  const { base = null } = view.results ?? view.started ?? {};
  const from = base === null ? nothing : html`, upgrade from <code>${base}</code>`;
  return html`Commit <code>${commitOf(view)}</code>${uncommitted(commitOf(view))}${pull}${from}`;
}

function time({ results }: RunView): Markup {
  if (results === null) return nothing;
  return html`
<p>${instant(results.started)}, took ${duration((results.finished - results.started) * 1000)}</p>`;
}

/** The forge says where a pull request is; anything but the web is not linked to. */
function safeAddress(url: string): string {
  return /^https?:\/\//i.test(url) ? url : '#';
}

function verdict({ results, drop }: RunView): Markup {
  if (results === null) {
    const words =
      drop === null ? 'This run is not finished yet; load the page again to see more.' : drop.detail;
    return html`<section class="verdict"><b>${drop === null ? 'running' : 'not run'}</b><br>${words}</section>`;
  }
  const clean =
    results.flags.clean_teardown || results.flags.kept === true
      ? nothing
      : html`<br><span class="soft">The clean-up after this run left something behind.</span>`;
  return html`<section class="verdict ${results.verdict}"><b>${results.verdict}</b><br>${headline(results)}.<br>
<span class="soft">${levelWords(results)}</span>${clean}</section>`;
}

const signs: Readonly<Record<StageRow['status'], string>> = {
  pass: '✓',
  fail: '✗',
  skip: '–',
  unver: '?',
  running: '…',
  waiting: '·',
};

function stages(view: RunView): Markup {
  const rows = stageRows(view).map((row) => {
    const live = view.stages.findLast((stage) => stage.name === row.name);
    const stage = view.results?.stages.findLast((one) => one.name === row.name) ?? live;
    return html`<li>
<div class="head"><span class="sign ${row.status}" aria-hidden="true">${signs[row.status]}</span><strong>${stageWords(row.name)}</strong>
<span class="${row.status}">${row.words}</span><span class="time">${row.ms === null ? '' : duration(row.ms)}</span></div>
${stage?.summary ? html`<p class="why">${stage.summary}</p>` : nothing}${tests(stage)}${lastLines(row, live)}</li>
`;
  });
  return rows.length === 0 ? nothing : html`<h2>Stages</h2><ul class="stages">${rows}</ul>`;
}

function tests(stage: ResultStage | StageView | undefined): Markup {
  if (stage === undefined || stage.tests.length === 0) return nothing;
  const failed = stage.tests.filter((test) => test.status === 'fail').length;
  const words = `${stage.tests.length} ${stage.tests.length === 1 ? 'check' : 'checks'}${failed === 0 ? '' : `, ${failed} failed`}`;
  const open = failed === 0 ? nothing : html` open`;
  return html`<details${open}><summary>${words}</summary><ul class="tests">${stage.tests.map(test)}</ul></details>
`;
}

function test({ name, status, ms, file, message }: ResultStage['tests'][number]): Markup {
  const where = file === null ? nothing : html` <code class="soft">${file}</code>`;
  const said = message ? html`<pre>${message}</pre>` : nothing;
  return html`<li><span class="sign ${status}">${signs[status]}</span> ${name}${where} <span class="soft">${duration(ms)}</span>${said}</li>
`;
}

function lastLines({ name, status }: StageRow, stage: StageView | undefined): Markup {
  if (status !== 'fail' || stage === undefined || stage.lastLines.length === 0) return nothing;
  return html`<details open><summary>Last log lines of ${stageWords(name)}</summary><pre>${stage.lastLines.join('\n')}</pre></details>
`;
}

function missing({ results }: RunView): Markup {
  if (results === null) return nothing;
  const rows = notRun(results).map(
    ({
      names,
      what,
      reason,
    }) => html`<li><strong>${names}</strong>, ${what}: ${reason || 'no reason was given'}</li>
`,
  );
  return rows.length === 0 ? nothing : html`<h2>What did not run, and why</h2><ul>${rows}</ul>`;
}

function operator({ results }: RunView): Markup {
  if (results === null || results.operator.length === 0) return nothing;
  return html`<h2>To upgrade, an operator must see to</h2><ul>${results.operator.map(
    (one) => html`<li>${one}</li>
`,
  )}</ul>`;
}

function links(heading: string, files: PublishedFiles['logs']): Markup {
  if (files.length === 0) return nothing;
  const items = files.map(
    ({ path, label }) => html`<li><a href="${path}">${label}</a></li>
`,
  );
  return html`<h2>${heading}</h2><ul class="links">${items}</ul>`;
}

function values(heading: string, record: Readonly<Record<string, unknown>>): Markup {
  const rows = Object.entries(record).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1);
    return html`<tr><th scope="row">${name}</th><td class="value">${text}</td></tr>
`;
  });
  if (rows.length === 0) return nothing;
  return html`<h2>${heading}</h2><div class="scroll"><table>${rows}</table></div>`;
}
