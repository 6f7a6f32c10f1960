import { html, type Markup, nothing } from '../html.ts';

/** A part of a page with a heading of its own. */
export type Section = { readonly id: string; readonly heading: string; readonly body: Markup };

/** Links to the parts of a page, for thumbs and for the keyboard. */
export function sectionLinks(sections: readonly Section[]): Markup {
  if (sections.length < 3) return nothing;
  const items = sections.map(
    ({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>
`,
  );
  return html`<nav class="parts" aria-label="On this page"><ul class="links">${items}</ul></nav>`;
}

/** All parts, one below the other. */
export function sectionBodies(sections: readonly Section[]): Markup[] {
  return sections.map(
    ({ id, heading, body }) => html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>
${body}
</section>
`,
  );
}
