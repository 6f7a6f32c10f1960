import { html } from './html.ts';
import { type LevelFacts, levelColour, noLevelColour, shownLevel } from './levels.ts';

/** A badge in the style of shields.io, as SVG: `cc-ci | level 5`. */
export function badge(results: LevelFacts): string {
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

function face(facts: LevelFacts): { readonly value: string; readonly colour: string } {
  const level = shownLevel(facts);
  if (facts.scope === 'partial') return { value: `partial ${facts.verdict}`, colour: noLevelColour };
  if (level === null) return { value: facts.verdict, colour: noLevelColour };
  return { value: `level ${level}`, colour: levelColour(level) };
}

/** About what Verdana of 11 px takes, and 5 px on either side. */
function width(text: string): number {
  return Math.round(
    [...text].reduce(
      (sum, letter) => sum + ('ijlt.-| '.includes(letter) ? 4 : 'fr'.includes(letter) ? 5 : 7),
      10,
    ),
  );
}
