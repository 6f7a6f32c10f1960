import type { Brief } from '../records/brief.ts';
import { html, type Markup, nothing } from './html.ts';
import { duration, instant, isAboutRecipe, shorten } from './words.ts';

type Outcome = Pick<Brief, 'verdict' | 'level' | 'scope'>;

/** `green, level 5`, `red, partial`, `infra`: what a run came to, in two or three words. */
export function outcomeWords({ verdict, level, scope }: Outcome): string {
  const word = verdict ?? 'no verdict';
  if (scope === 'partial') return `${word}, partial`;
  return level === null || verdict === null || !isAboutRecipe(verdict) ? word : `${word}, level ${level}`;
}

/** Class of the colour of a verdict: what is not about the recipe has none. */
export function toneOf({ verdict, scope }: Pick<Brief, 'verdict' | 'scope'>): string {
  if (scope === 'partial' || verdict === null || !isAboutRecipe(verdict)) return 'aside';
  return verdict === 'green' ? 'pass' : verdict === 'red' ? 'fail' : 'unver';
}

const signs: Readonly<Record<string, string>> = { pass: '✓', fail: '✗', unver: '?', aside: '–' };

/** The outcome with its sign and colour. */
export function outcomeMark(brief: Outcome): Markup {
  const tone = toneOf(brief);
  return html`<strong class="${tone}"><span aria-hidden="true">${signs[tone] ?? ''} </span>${outcomeWords(brief)}</strong>`;
}

/** When a run ended, in UTC, for people and machines. */
export function whenOf({ finished }: Pick<Brief, 'finished'>): Markup {
  return finished === null ? html`<span class="soft">time unknown</span>` : timeTag(finished);
}

/** `<time>` of epoch seconds. */
export function timeTag(seconds: number): Markup {
  return html`<time datetime="${new Date(seconds * 1000).toISOString().slice(0, 19)}Z">${instant(seconds)}</time>`;
}

/** How long a run took; nothing where that is not known. */
export function tookOf({ started, finished }: Pick<Brief, 'started' | 'finished'>): string {
  return started === null || finished === null || finished < started
    ? ''
    : duration((finished - started) * 1000);
}

/** What was tested: `pull request 3`, `sweep`, `by hand`. */
export function askedWords({ kind, pr }: Pick<Brief, 'kind' | 'pr'>): string {
  const attempt = kind === 'control' || kind === 'repeat' ? `${kind} run` : null;
  const pull = pr === null ? null : `pull request ${shorten(pr, 20)}`;
  if (pull !== null) return attempt === null ? pull : `${pull}, ${attempt}`;
  if (kind === 'hand') return 'by hand';
  return attempt ?? (kind === null ? '' : shorten(kind, 20));
}

/** The commit, as short as people write it; nothing where it is not known. */
export function commitTag(ref: string | null): Markup {
  if (ref === null) return nothing;
  const isHash = /^[0-9a-f]{13,40}$/.test(ref);
  return html`<code>${isHash ? ref.slice(0, 12) : shorten(ref, 16)}</code>`;
}
