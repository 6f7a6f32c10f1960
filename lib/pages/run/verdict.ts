import type { Status } from '../../records/common.ts';
import { rungNames } from '../../records/results.ts';
import type { RunFinished } from '../../records/run-finished.ts';
import { badge } from '../badge.ts';
import { html, type Markup, nothing } from '../html.ts';
import { queueWords } from '../queue-words.ts';
import { stageSigns } from '../stage-face.ts';
import type { RunView } from '../view.ts';
import { headline, levelWords, rungWords, statusWords } from '../words.ts';

/** The verdict in one sentence, and what stands behind it; of a run that goes on, how far it has come. */
export function verdict(view: RunView): Markup {
  const { results, drop } = view;
  if (results !== null) return outcome(results, view);
  if (drop !== null)
    return html`<section class="verdict"><b>not run</b><p class="headline">${drop.detail}</p></section>`;
  const waits = view.started === null && view.stages.length === 0;
  return html`<section class="verdict"><b>${waits ? 'waiting' : 'running'}</b>
<p class="headline" data-now role="status">${waits ? waiting(view) : running(view)}</p>
<p class="soft" data-hint>This is how far the run had come when this page was written. Load the page again to see more.</p></section>`;
}

function outcome(results: RunFinished, view: RunView): Markup {
  return html`<section class="verdict ${results.verdict}"><div class="said"><b>${results.verdict}</b>
<span class="badge">${badgeOf(results)}</span></div>
<p class="headline">${headline(results)}.</p>
<p class="soft">${levelWords(results)}</p>
${rungs(results)}${attribution(view)}${housekeeping(results)}</section>`;
}

/** In the page itself: it is there wherever the page is. */
function badgeOf(results: RunFinished): Markup {
  return { text: badge(results).trim(), isMarkup: true };
}

/** The ladder that the level was climbed on. */
function rungs({ rungs }: RunFinished): Markup {
  const items = rungNames.map((name) => rung(rungWords[name], rungs[name]));
  return html`<ol class="rungs" aria-label="What the level is made of">${items}</ol>`;
}

function rung(name: string, status: Status): Markup {
  return html`<li class="rung-${status}"><span class="sign ${status}" aria-hidden="true">${stageSigns[status]}</span> ${name}<span class="away">: ${statusWords[status]}</span></li>
`;
}

const says = {
  'this-change': 'It is this change',
  'already-broken': 'It was broken before this change',
  'both-broken-differently': 'It was broken before, and is now broken in another way',
  environment: 'It is the environment, not this change',
  flaky: 'It is flaky: the same passed when it was run again',
  fixed: 'This change fixed it',
  'not-known': 'Whose doing it is, is not known',
} as const;

function attribution({ attribution: found }: RunView): Markup {
  return found === null ? nothing : html`<p><strong>${says[found.says]}</strong>: ${found.detail}</p>`;
}

/** What went wrong on our side; it never changes the verdict. */
function housekeeping({ flags }: RunFinished): Markup {
  const said = [
    ...(flags.clean_teardown || flags.kept === true
      ? []
      : ['The clean-up after this run left something behind.']),
    ...(flags.no_secret_leak === false
      ? ['A secret of this run showed up in its output; what held it is withheld.']
      : []),
  ];
  return html`${said.map((words) => html`<p class="soft">${words}</p>`)}`;
}

function waiting({ queued }: RunView): string {
  return queued === null ? 'It was heard and will be tested.' : `It waits: ${queueWords(queued)}.`;
}

function running({ stages }: RunView): string {
  const count = stages.filter(({ status }) => status !== 'running').length;
  return `It is being tested: ${count} ${count === 1 ? 'stage is' : 'stages are'} through.`;
}
