import { visible } from '../program/visible.ts';
import type { RunFinished } from '../records/run-finished.ts';
import { runAddress } from './status.ts';
import type { RunView } from './view.ts';
import { isAboutRecipe, shorten } from './words.ts';

/** What results name a picture by, and the fixed name that it is published under. */
const pictures = [
  { field: 'screenshot', file: 'screenshot.png', words: 'after the install' },
  { field: 'screenshot_upgrade', file: 'screenshot-upgrade.png', words: 'after the upgrade' },
] as const;

/**
 * Badge, screenshots and card, each linked to the run's page, with the words that stand for it: the comment is whole
 * without them. Only where pages have an address, and of pictures only what the results name.
 */
export function pictureLines(view: RunView, results: RunFinished, url: string | undefined): string {
  if (url === undefined) return '';
  const page = runAddress(url, view.run);
  const shot = pictures.filter(({ field, file }) => results[field] === file);
  const recipe = shorten(visible(results.recipe.replaceAll(/\s+/g, ' ')), 100);
  const shown = [
    ...(hasBadge(results) ? [linked(`cc-ci: level ${results.level}`, `${page}badge.svg`, page)] : []),
    ...shot.map(({ file, words }) => small(`Screenshot of ${recipe} ${words}`, `${page}${file}`, page)),
    ...(results.summary_card === 'summary.png'
      ? [small(`Summary of this run of ${recipe}: ${cardWords(results)}`, `${page}summary.png`, page)]
      : []),
  ];
  return shown.join('\n');
}

function hasBadge({ scope, verdict, level }: RunFinished): boolean {
  return scope === 'full' && level !== null && isAboutRecipe(verdict);
}

function cardWords({ verdict, level, scope }: RunFinished): string {
  return scope === 'full' && level !== null && isAboutRecipe(verdict)
    ? `${verdict}, level ${level}`
    : verdict;
}

function linked(words: string, image: string, page: string): string {
  return `[![${words}](${image})](${page})`;
}

/** Markdown knows no widths. */
function small(words: string, image: string, page: string): string {
  return `<a href="${quoted(page)}"><img src="${quoted(image)}" alt="${quoted(words)}" width="320"></a>`;
}

/** A mention in an attribute is one to some forges. */
function quoted(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': 'amp',
    '"': 'quot',
    '<': 'lt',
    '>': 'gt',
    '@': '#64',
  };
  return text.replaceAll(/[&"<>@]/g, (character) => `&${names[character]};`);
}
