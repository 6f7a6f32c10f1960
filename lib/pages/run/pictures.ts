import { html, type Markup } from '../html.ts';
import { fixedPictures } from '../published.ts';
import { type RunView, recipeOf } from '../view.ts';
import type { Section } from './section.ts';

/** The landing page before and after the upgrade, side by side. */
export function picturesSection(view: RunView): Section[] {
  const { results } = view;
  if (results === null) return [];
  const name = recipeOf(view);
  const base = results.base === null ? '' : ` from ${results.base}`;
  const shots = [
    ...shot(results.screenshot, 'Freshly installed', `Landing page of ${name}, freshly installed`),
    ...shot(
      results.screenshot_upgrade ?? null,
      `After the upgrade${base}`,
      `Landing page of ${name} after the upgrade${base}`,
    ),
  ];
  if (shots.length === 0) return [];
  return [{ id: 'pictures', heading: 'Pictures', body: html`<div class="shots">${shots}</div>` }];
}

function shot(file: string | null, caption: string, alt: string): Markup[] {
  if (!fixedPictures.some((known) => known === file) || file === null) return [];
  return [
    html`<figure><a href="${file}"><img src="${file}" width="1280" height="800" loading="lazy" alt="${alt}"></a><figcaption>${caption}</figcaption></figure>
`,
  ];
}
