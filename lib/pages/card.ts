import type { Status } from '../records/common.ts';
import type { Results } from '../records/results.ts';
import { cardRows } from './card-rows.ts';
import { fit, type Type, wrap } from './fit.ts';
import { html, type Markup, nothing } from './html.ts';
import { levelColour, shownLevel } from './levels.ts';
import { notRun } from './not-run.ts';
import { duration, headline, instant, shorten, uncommitted } from './words.ts';

const left = 450;
const right = 1_150;
const ink = '#1c1f23';
const soft = '#59616a';

/**
 * The summary card of a run as SVG, 1200 by 630: what is shown where a link to it is shared. Foreign values are
 * escaped and cut; they are written in DejaVu Sans, which comes with ccci.
 */
export function summaryCard(results: Results): string {
  const colour = levelColour(shownLevel(results));
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" viewBox="0 0 1200 630" font-family="DejaVu Sans">
<rect width="1200" height="630" fill="#fff"/><rect width="400" height="630" fill="${colour}"/>
${verdictPanel(results)}${heading(results)}${stageList(results)}${footer(results)}
</svg>
`.text;
}

/** The level, as large as it can be; a run without one shows its verdict alone. */
function verdictPanel(results: Results): Markup {
  const level = shownLevel(results);
  const words = results.scope === 'partial' ? `partial ${results.verdict}` : results.verdict;
  const shown = { fill: '#fff', anchor: 'middle', bold: true } as const;
  const made = line('made by ccci', 200, 588, { ...shown, size: 20, bold: false });
  if (level === null)
    return html`${sign(signOf(results), 200, 240, 90, '#fff', levelColour(null))}
${line(words, 200, 430, { ...shown, size: words.length > 12 ? 36 : 48 })}${made}`;
  return html`${line('level', 200, 130, { ...shown, size: 44 })}
${line(String(level), 200, 395, { ...shown, size: 320 })}
${line(words, 200, 490, { ...shown, size: words.length > 8 ? 44 : 56 })}${made}`;
}

function signOf({ verdict }: Results): Status {
  return verdict === 'green' ? 'pass' : verdict === 'red' ? 'fail' : 'unver';
}

function heading(results: Results): Markup {
  const width = right - left;
  const name: Type = { size: 52, bold: true };
  const version = results.version === null ? 'no version' : results.version;
  const from = results.base === null ? '' : `, upgraded from ${results.base}`;
  const why = wrap(clean(headline(results)), 2, width, { size: 23 });
  return html`${line(fit(clean(results.recipe), width, name), left, 92, { ...name, fill: ink })}
${line(fit(clean(`${version}${from}`), width, { size: 25 }), left, 136, { size: 25, fill: soft })}
${why.map((text, index) => line(text, left, 184 + index * 32, { size: 23, fill: ink }))}`;
}

const colours: Readonly<Record<Status, string>> = {
  pass: '#1a7a35',
  fail: '#b3261e',
  unver: '#8a5a00',
  skip: '#7b838c',
};

/** A row for each stage: sign, name, time or what came of it. */
function stageList(results: Results): Markup {
  const rows = cardRows(results);
  const step = Math.min(40, Math.floor(220 / Math.max(1, rows.length - 1)));
  return html`${rows.map(({ name, status, words, ms }, index) => {
    const y = 268 + index * step;
    const colour = colours[status];
    const isTimed = (status === 'pass' || status === 'fail') && ms !== null;
    return html`${sign(status, left + 13, y - 8, 13, colour, '#fff')}
${line(name, left + 42, y, { size: 22, fill: ink })}${line(words, left + 330, y, { size: 22, fill: colour })}
${isTimed ? line(duration(ms), right, y, { size: 22, fill: soft, anchor: 'end' }) : nothing}
`;
  })}`;
}

function footer(results: Results): Markup {
  const width = right - left;
  const missing = notRun(results).map(({ names, what, reason }) => `${what}: ${names} (${reason})`);
  const told = missing.slice(0, 2).map((text) => fit(clean(text), width, { size: 18 }));
  const pull = results.pr === null ? '' : `, pull request ${shorten(results.pr, 12)}`;
  const commit = `commit ${results.ref}${uncommitted(results.ref)}${pull}`;
  const place = fit(clean(`${commit}, ${instant(results.finished)}`), width, { size: 18 });
  return html`${told.map((text, index) => line(text, left, 532 + index * 26, { size: 18, fill: soft }))}
<rect x="${left}" y="572" width="${width}" height="1" fill="#d9dde2"/>
${line(place, left, 600, { size: 18, fill: soft })}`;
}

type Line = Type & { readonly fill: string; readonly anchor?: 'middle' | 'end' };

function line(text: string, x: number, y: number, { size, bold = false, fill, anchor }: Line): Markup {
  const weight = bold ? 'bold' : 'normal';
  return html`<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor ?? 'start'}">${text}</text>`;
}

/** A disc with a tick, a cross, a dash, or, where it did not run, a ring. */
function sign(status: Status, x: number, y: number, radius: number, ground: string, mark: string): Markup {
  const [far, near, thin] = [radius * 0.42, radius * 0.16, radius * 0.22];
  const paths: Readonly<Record<Status, string>> = {
    pass: `M${x - far} ${y + near * 0.3}L${x - near} ${y + far * 0.85}L${x + far * 1.1} ${y - far * 0.75}`,
    fail: `M${x - far} ${y - far}L${x + far} ${y + far}M${x + far} ${y - far}L${x - far} ${y + far}`,
    skip: `M${x - far} ${y}L${x + far} ${y}`,
    unver: `M${x} ${y - far * 1.3}L${x} ${y + near}M${x} ${y + far * 1.15}L${x} ${y + far * 1.2}`,
  };
  return html`<circle cx="${x}" cy="${y}" r="${radius}" fill="${ground}"/><path d="${paths[status]}" fill="none" stroke="${mark}" stroke-width="${thin}" stroke-linecap="round" stroke-linejoin="round"/>`;
}

/** One line, without what XML does not know. */
function clean(text: string): string {
  const known = Buffer.from(text).toString();
  return known
    .replaceAll(/[\ufffe\uffff]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
