import { visible } from '../../program/visible.ts';

/** Longest line that a page shows, in characters; the whole one is in the file. */
export const shownCharacters = 2_000;

/**
 * A line of a log as a page shows it: colours for terminals taken off, all else that could steer or turn text around
 * shown as `\u…` (security.md, row terminal), too long a line cut, and said so. Pure, and fit for a browser.
 */
export function logText(line: string, limit: number = shownCharacters): string {
  const shown = visible(line.replace(/\u001b\[[0-9;:]*m/g, '').replace(/\r$/, ''));
  if (shown.length <= limit) return shown;
  const kept = shown.slice(0, limit).replace(/[\ud800-\udbff]$/, '');
  return `${kept}… (${shown.length - kept.length} characters more)`;
}
