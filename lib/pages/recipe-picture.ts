import { html, type Markup } from './html.ts';

export type PictureOptions = {
  readonly recipe: string;
  /** The run whose screenshot it is; null where there is none. */
  readonly run: string | null;
  /** From the page to the top of the pages. */
  readonly top: string;
};

/** A small picture of what a recipe looks like, fetched when it comes into view; else the first letter of its name. */
export function recipePicture({ recipe, run, top }: PictureOptions): Markup {
  if (run !== null) {
    return html`<img class="shot" src="${top}runs/${run}/screenshot.png" alt="" width="320" height="200" loading="lazy">`;
  }
  const [letter = '?'] = [...recipe.replace(/^[^\p{L}\p{N}]+/u, '')];
  return html`<div class="shot none" aria-hidden="true">${letter.toUpperCase()}</div>`;
}
