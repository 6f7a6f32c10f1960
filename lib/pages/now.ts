import type { StageName } from '../records/common.ts';
import type { Trigger } from '../records/trigger.ts';
import { stageWords } from '../results/stage-words.ts';
import { commitTag, timeTag } from './brief-words.ts';
import { html, type Markup, nothing } from './html.ts';
import { queueWords } from './queue-words.ts';
import { shorten } from './words.ts';

/** What is public of a trigger: recipe, commit and pull request, nothing of who asked. */
export type Asked = Pick<Trigger, 'recipe' | 'ref'> & {
  readonly pr: Pick<NonNullable<Trigger['pr']>, 'number' | 'url' | 'title'> | null;
};

export type RunningNow = Asked & {
  readonly run: string;
  /** Null before the first stage began. */
  readonly stage: StageName | null;
  /** Epoch seconds; null where nobody noted it. */
  readonly since: number | null;
  readonly hasPage: boolean;
};

export type WaitingNow = Asked & { readonly place: number; readonly etaMs: number | null };

/** What runs and what waits, at one moment. */
export type Now = {
  readonly running: readonly RunningNow[];
  /** The first ones, in the order of work. */
  readonly waiting: readonly WaitingNow[];
  /** How many wait behind them. */
  readonly more: number;
};

/** The part of the overview about this moment; null where nobody can tell. */
export function nowSection(now: Now | null): Markup {
  if (now === null) return html`<p class="soft">What runs and what waits cannot be told just now.</p>`;
  const { running, waiting, more } = now;
  const total = waiting.length + more;
  const runs =
    running.length === 0
      ? html`<p class="soft">Nothing runs.</p>`
      : html`<ul class="now">${running.map(runningRow)}</ul>`;
  const waits =
    waiting.length === 0
      ? html`<p class="soft">Nothing waits.</p>`
      : html`<ol class="now">${waiting.map(waitingRow)}</ol>${more === 0 ? nothing : html`<p class="soft">and ${more} more</p>`}`;
  return html`<div class="moment"><section aria-labelledby="running"><h2 id="running">Running now</h2>${runs}</section>
<section aria-labelledby="waiting"><h2 id="waiting">Waiting${total === 0 ? '' : ` (${total})`}</h2>${waits}</section></div>`;
}

function runningRow({ run, stage, since, hasPage, ...asked }: RunningNow): Markup {
  const name = shorten(asked.recipe, 80);
  const link = hasPage ? html`<a href="runs/${run}/">${name}</a>` : html`<strong>${name}</strong>`;
  const began = since === null ? nothing : html`, since ${timeTag(since)}`;
  return html`<li><span class="pulse" aria-hidden="true"></span>${link} <span class="stage">${stage === null ? 'starting' : stageWords(stage)}</span><br>
<span class="soft">${what(asked)}${began}</span></li>
`;
}

function waitingRow({ place, etaMs, ...asked }: WaitingNow): Markup {
  return html`<li><strong>${shorten(asked.recipe, 80)}</strong> <span class="soft">${queueWords({ place, etaMs })}</span><br>
<span class="soft">${what(asked)}</span></li>
`;
}

function what({ ref, pr }: Asked): Markup {
  if (pr === null) return html`commit ${commitTag(ref)}`;
  const number = html`pull request ${pr.number}`;
  const link = /^https?:\/\//i.test(pr.url) ? html`<a href="${pr.url}">${number}</a>` : number;
  return html`${link}, ${shorten(pr.title, 80)}, commit ${commitTag(ref)}`;
}
