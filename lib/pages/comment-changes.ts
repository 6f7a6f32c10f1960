import type { Changes } from '../records/changes.ts';
import { type ChangeLine, changeLines } from './changes-words.ts';
import { code } from './escape-markdown.ts';
import { capital } from './words.ts';

/** Most lines of a list of changes. */
const mostLines = 40;

/** What changes, while it is tested: a list that a reviewer reads meanwhile. */
export function changesList(changes: Changes | null): string {
  if (changes === null) return '';
  const lines = changeLines(changes, code);
  return lines.length === 0
    ? `${nothing(changes)}.`
    : [`**What changes since ${code(changes.against)}:**`, ...listed(lines)].join('\n');
}

/** The same at rest: what leaves data behind is in sight, the rest is folded. */
export function changesFolded(changes: Changes | null): string {
  if (changes === null) return '';
  const lines = changeLines(changes, code);
  const losses = lines.filter(({ isLoss }) => isLoss);
  const others = lines.filter(({ isLoss }) => !isLoss);
  const folded = [
    `<details><summary>What ${losses.length > 0 ? 'else ' : ''}changes since the version that is upgraded</summary>`,
    listed(others).join('\n'),
    '</details>',
  ];
  return [listed(losses).join('\n'), ...(others.length === 0 ? [] : folded)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function nothing({ against }: Changes): string {
  return `Images, services, volumes, ports, variables, secrets and configs are those of ${code(against)}`;
}

function listed(lines: readonly ChangeLine[]): string[] {
  const more = lines.length - mostLines;
  const shown = lines.slice(0, mostLines).map(({ words, isLoss }) => {
    const sentence = capital(words);
    return `- ${isLoss ? `**${sentence}**` : sentence}`;
  });
  return more > 0 ? [...shown, `- and ${more} more`] : shown;
}
