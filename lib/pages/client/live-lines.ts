import { logText } from '../run/log-text.ts';
import { find, make } from './dom.ts';

/** So many lines are in the page at a time. */
const keptLines = 1_000;
/** Nearer to the end than this, in pixels, counts as there. */
const nearPixels = 48;

export type LiveLines = {
  readonly add: (rows: readonly Row[]) => void;
  readonly clear: () => void;
};
/** A line of a log, or a word about a stage between them. */
export type Row = { readonly from: string; readonly text: string } | { readonly mark: string };

/** The live log: its newest lines; it stays at its end unless the reader has scrolled up. */
export function makeLiveLines(within: Element): LiveLines {
  const box = find('[data-lines]', within);
  const button = find<HTMLButtonElement>('[data-end]', within);
  let isFollowing = true;
  const toEnd = () => {
    box.scrollTop = box.scrollHeight;
  };
  const look = () => {
    isFollowing = box.scrollHeight - box.scrollTop - box.clientHeight < nearPixels;
    button.hidden = isFollowing;
  };
  box.addEventListener('scroll', look, { passive: true });
  button.addEventListener('click', () => {
    toEnd();
    box.focus();
  });
  return {
    add: (rows) => {
      if (rows.length === 0) return;
      box.append(...rows.slice(-keptLines).map(render));
      while (box.childElementCount > keptLines) box.firstElementChild?.remove();
      if (isFollowing) toEnd();
    },
    clear: () => box.replaceChildren(),
  };
}

function render(row: Row): HTMLElement {
  if ('mark' in row) return make('div', 'mark', logText(row.mark));
  return make('div', '', make('span', 'from', logText(row.from, 60)), ' ', logText(row.text));
}
