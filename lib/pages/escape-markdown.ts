import { visible } from '../program/visible.ts';
import { shorten } from './words.ts';

/** Longest foreign value inside a sentence, in characters. */
const sentenceLimit = 1_500;
/** A character without width: keeps the forge from taking what follows for a mention, a reference or a link. */
const gap = '\u200b';

/**
 * A foreign value as plain words inside Markdown: on one line, without markup, HTML, mention, reference or link
 * (security.md, row comment as Markdown).
 */
export function plain(text: string): string {
  return shorten(oneLine(text), sentenceLimit)
    .replace(/[\\`*_{}[\]<>&|~]/g, '\\$&')
    .replace(/[@#]|!(?=\d)|:(?=\/\/)|\bwww(?=\.)|mailto(?=:)/gi, `$&${gap}`)
    .replace(/^(\s*)([-+=]|\d+(?=[.)]))/, `$1${gap}$2`)
    .replaceAll(/#/g, '\\#');
}

/** A foreign value as inline code, fenced by more backticks than it has in a row. */
export function code(text: string): string {
  const value = shorten(oneLine(text), 200);
  if (value === '') return '';
  const fence = '`'.repeat(longestRun(value) + 1);
  const pad = value.startsWith('`') || value.endsWith('`') ? ' ' : '';
  // A bar would end the cell of a table, inside code too.
  return `${fence}${pad}${value.replaceAll('|', '\\|')}${pad}${fence}`;
}

/** Foreign lines as a block, each line cut; the fence is longer than any run of backticks within. */
export function block(lines: readonly string[], lineLimit = 300): string {
  const shown = lines.map((line) => shorten(oneLine(line), lineLimit)).join('\n');
  const fence = '`'.repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}text\n${shown}\n${fence}`;
}

function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, ' ').trim());
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
