import type { Results } from '../records/results.ts';
import { html } from './html.ts';
import { isAboutRecipe } from './words.ts';

/** Level 0 to 5. */
const ramp = ['#c5402a', '#c2601a', '#a5800a', '#7d8512', '#5b8c0c', '#3a8f0c'] as const;
const grey = '#6b6b6b';

/** A badge in the style of shields.io, as SVG: `cc-ci | level 5`. */
export function badge(results: Pick<Results, 'verdict' | 'level' | 'scope'>): string {
  const { value, colour } = face(results);
  const label = 'cc-ci';
  const [left, right] = [width(label), width(value)];
  const words = (text: string, x: number, length: number) => html`
<text x="${x}" y="14" fill="#fff" text-anchor="middle" textLength="${length - 10}">${text}</text>`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${label}: ${value}">
<title>${label}: ${value}</title>
<clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath>
<g clip-path="url(#r)"><rect width="${left}" height="20" fill="#444"/><rect x="${left}" width="${right}" height="20" fill="${colour}"/></g>
<g font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${words(label, left / 2, left)}${words(value, left + right / 2, right)}
</g></svg>
`.text;
}

function face({ verdict, level, scope }: Pick<Results, 'verdict' | 'level' | 'scope'>): {
  readonly value: string;
  readonly colour: string;
} {
  if (scope === 'partial') return { value: `partial ${verdict}`, colour: grey };
  if (level === null || !isAboutRecipe(verdict)) return { value: verdict, colour: grey };
  return { value: `level ${level}`, colour: ramp[level] ?? grey };
}

/** About what Verdana of 11 px takes, and 5 px on either side. */
function width(text: string): number {
  return Math.round([...text].reduce((sum, letter) => sum + ('ijlt.-| '.includes(letter) ? 4 : 7), 10));
}
