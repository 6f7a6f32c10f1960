import { logText } from '../run/log-text.ts';
import { find, make, say } from './dom.ts';
import { openLog } from './log-pages.ts';
import { type Found, type Match, searchLog } from './search.ts';

/** So many lines are in the page at a time. */
const shownLines = 2_000;
const shownMatches = 500;
const typingMs = 200;

/** Brings the viewer of logs to life: page by page from the end, and a search over all of a log. */
export function startViewer(viewer: HTMLElement): void {
  const parts = partsOf(viewer);
  let showing = new AbortController();
  const show = () => {
    showing.abort();
    showing = new AbortController();
    const { choice, query } = parts;
    const work = query.value.trim() === '' ? browse : search;
    void work({ ...parts, url: choice.value, signal: showing.signal });
  };
  let typing: ReturnType<typeof setTimeout> | undefined;
  parts.choice.addEventListener('change', show);
  parts.query.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(show, typingMs);
  });
  viewer.hidden = false;
  // Nothing is loaded for a reader who does not come this far.
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    seen.disconnect();
    show();
  });
  seen.observe(viewer);
}

function partsOf(viewer: HTMLElement) {
  return {
    choice: find<HTMLSelectElement>('[data-choice]', viewer),
    query: find<HTMLInputElement>('[data-query]', viewer),
    status: find('[data-status]', viewer),
    lines: find('[data-lines]', viewer),
    earlier: find<HTMLButtonElement>('[data-earlier]', viewer),
    later: find<HTMLButtonElement>('[data-later]', viewer),
    more: find<HTMLButtonElement>('[data-more]', viewer),
  };
}

type Work = ReturnType<typeof partsOf> & { readonly url: string; readonly signal: AbortSignal };

async function browse(work: Work): Promise<void> {
  const { url, signal, status, more } = work;
  more.hidden = true;
  say(status, 'Loading the end of the log…');
  const log = openLog(url);
  const last = await log.last(signal);
  if (signal.aborted) return;
  if (typeof last === 'string') return giveUp(work, last);
  await showPage(work, log, { index: last, last });
}

async function showPage(
  work: Work,
  log: ReturnType<typeof openLog>,
  { index, last }: { readonly index: number; readonly last: number },
): Promise<void> {
  const { signal, status, lines, earlier, later } = work;
  const page = await log.page(index, signal);
  if (signal.aborted) return;
  if (page.kind !== 'page') return giveUp(work, page.kind);
  const shown = page.lines.slice(-shownLines);
  lines.replaceChildren(...shown.map((line) => make('div', '', logText(line))));
  const isEnd = index >= last;
  lines.scrollTop = isEnd ? lines.scrollHeight : 0;
  const left = page.lines.length - shown.length;
  const where = last === 0 ? 'The whole log' : `Part ${index + 1} of ${last + 1}`;
  const cut = left === 0 ? '' : `; its first ${left} are in the file alone`;
  const inside = page.lines.length === 0 && index > 0 ? ', all of it inside one long line' : '';
  say(status, `${where}: ${countLines(page.lines.length)}${cut}${inside}.`);
  onClick(earlier, index > 0, signal, () => showPage(work, log, { index: index - 1, last }));
  onClick(later, !isEnd, signal, () => showPage(work, log, { index: index + 1, last }));
}

async function search(work: Work): Promise<void> {
  const { url, signal, query, lines, earlier, later } = work;
  earlier.hidden = true;
  later.hidden = true;
  lines.replaceChildren();
  const wanted = query.value.trim();
  await showMatches(work, searchLog(openLog(url), wanted, signal), wanted);
}

/** Up to so many matches; more of them when they are asked for. */
async function showMatches(work: Work, found: AsyncGenerator<Found>, wanted: string): Promise<void> {
  const { lines, status, more, signal } = work;
  lines.replaceChildren();
  more.hidden = true;
  let count = 0;
  for (;;) {
    const { value, done } = await found.next();
    if (signal.aborted || done === true) return;
    count += value.matches.length;
    lines.append(...value.matches.slice(0, shownMatches).map((match) => renderMatch(match, wanted)));
    say(status, matchWords(count, value));
    if (value.isOver) return;
    if (count < shownMatches) continue;
    return onClick(more, true, signal, () => showMatches(work, found, wanted));
  }
}

function matchWords(count: number, { isOver, isBroken }: Found): string {
  const words = `${countLines(count)} with this`;
  if (isBroken) return `${words}, but the log could not be read to its end.`;
  if (isOver) return `${words}.`;
  return count < shownMatches ? `${words} so far…` : `${words} so far; there is more of the log.`;
}

function renderMatch({ number, text }: Match, wanted: string): HTMLElement {
  const line = make('div', '', make('span', 'from', String(number)), ' ');
  const [low, sought] = [text.toLowerCase(), wanted.toLowerCase()];
  let from = 0;
  // Where case changes the length of a text, places in the two differ: then nothing is marked.
  for (
    let at = low.indexOf(sought);
    at !== -1 && low.length === text.length;
    at = low.indexOf(sought, from)
  ) {
    line.append(text.slice(from, at), make('mark', '', text.slice(at, at + sought.length)));
    from = at + sought.length;
  }
  line.append(text.slice(from));
  return line;
}

function giveUp({ lines, status, earlier, later }: Work, why: 'gone' | 'away'): void {
  lines.replaceChildren();
  earlier.hidden = true;
  later.hidden = true;
  say(status, why === 'gone' ? 'There is no such log.' : 'The log cannot be loaded now.');
}

function onClick(
  button: HTMLButtonElement,
  isShown: boolean,
  signal: AbortSignal,
  work: () => Promise<void>,
): void {
  button.hidden = !isShown;
  button.onclick = isShown ? () => void (signal.aborted || work()) : null;
}

function countLines(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}
