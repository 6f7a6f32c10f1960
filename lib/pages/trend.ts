import type { Brief } from '../records/brief.ts';
import { outcomeWords, toneOf } from './brief-words.ts';
import { html, type Markup, nothing } from './html.ts';

const step = 9;
const bar = 6;
const height = 28;

/** The last full runs as bars, oldest first: as high as their level, in the colour of their verdict. */
export function trendGraph(runs: readonly Brief[]): Markup {
  if (runs.length === 0) return nothing;
  const width = runs.length * step - (step - bar);
  const bars = runs.map((run, index) => {
    const size = 4 + Math.round((height - 4) * ((run.level ?? 0) / 5));
    return html`<rect class="${toneOf(run)}" x="${index * step}" y="${height - size}" width="${bar}" height="${size}" rx="1.5"/>`;
  });
  return html`<svg class="trend" role="img" aria-label="${trendWords(runs)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${bars}</svg>`;
}

/** The same for who does not see it. */
export function trendWords(runs: readonly Brief[]): string {
  const count = runs.length === 1 ? 'The last full run' : `The last ${runs.length} full runs, oldest first`;
  return `${count}: ${runs.map(outcomeWords).join('; ')}`;
}
