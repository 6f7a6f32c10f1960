import type { ResultStage } from '../../records/results.ts';
import { stageWords } from '../../results/stage-words.ts';
import { html, type Markup, nothing } from '../html.ts';
import { checkWords, stageSigns } from '../stage-face.ts';
import { type StageRow, stageRows } from '../stage-rows.ts';
import type { RunView, StageView } from '../view.ts';
import { duration } from '../words.ts';
import { logText } from './log-text.ts';
import type { Section } from './section.ts';

/** A row per stage with its tests; what failed is open, and ends with the last log lines. */
export function stagesSection(view: RunView): Section[] {
  const rows = stageRows(view);
  if (rows.length === 0) return [];
  const items = rows.map((row) => stageItem(row, view));
  return [{ id: 'stages', heading: 'Stages', body: html`<ol class="stages">${items}</ol>` }];
}

function stageItem(row: StageRow, view: RunView): Markup {
  const live = view.stages.findLast((stage) => stage.name === row.name);
  const stage = view.results?.stages.findLast((one) => one.name === row.name) ?? live;
  const why = stage?.summary ? html`<p class="why">${stage.summary}</p>` : nothing;
  return html`<li class="stage-${row.status}" data-stage="${row.name}">
<div class="head"><span class="sign ${row.status}" aria-hidden="true">${stageSigns[row.status]}</span> <strong>${stageWords(row.name)}</strong>
<span class="words ${row.status}">${row.words}</span> <span class="time">${row.ms === null ? '' : duration(row.ms)}</span></div>
${why}${tests(stage)}${lastLines(row, live)}</li>
`;
}

function tests(stage: ResultStage | StageView | undefined): Markup {
  if (stage === undefined || stage.tests.length === 0) return nothing;
  const open = stage.tests.some((test) => test.status === 'fail') ? html` open` : nothing;
  return html`<details${open}><summary>${checkWords(stage.tests)}</summary><ul class="tests">${byFailure(stage.tests).map(testItem)}</ul></details>
`;
}

/** What failed first: of a hundred checks that is the one that people come for. */
function byFailure(tests: StageView['tests']): StageView['tests'] {
  return [
    ...tests.filter((test) => test.status === 'fail'),
    ...tests.filter((test) => test.status !== 'fail'),
  ];
}

function testItem({ name, status, ms, file, message, cut }: ResultStage['tests'][number]): Markup {
  const where = file === null ? nothing : html` <code class="soft">${file}</code>`;
  const said = message ? html`<pre>${messageText(message, cut)}</pre>` : nothing;
  return html`<li><span class="sign ${status}" aria-hidden="true">${stageSigns[status]}</span><span class="away">${status}: </span> ${name}${where} <span class="soft">${duration(ms)}</span>${said}</li>
`;
}

function messageText(message: string, cut = 0): string {
  const lines = message.split('\n').map((line) => logText(line));
  return [...lines, ...(cut > 0 ? [`… (${cut} bytes more)`] : [])].join('\n');
}

function lastLines({ name, status }: StageRow, stage: StageView | undefined): Markup {
  if (status !== 'fail' || stage === undefined || stage.lastLines.length === 0) return nothing;
  const lines = stage.lastLines.map((line) => logText(line)).join('\n');
  return html`<details open><summary>Last log lines of ${stageWords(name)}</summary><pre tabindex="0" role="region" aria-label="Last log lines of ${stageWords(name)}">${lines}</pre></details>
`;
}
