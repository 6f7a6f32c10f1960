import { createHash } from 'node:crypto';
import { html, type Markup, nothing } from './html.ts';
import { pageStyle } from './page-style.ts';

const styleHash = createHash('sha256').update(pageStyle).digest('base64');

/** No frame, no form, nothing from other hosts; the style by its hash (security.md, row pages). */
const bare = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src 'self'; base-uri 'none'; form-action 'none'`;

export type DocumentOptions = {
  /** A script of ours, relative to the page: `../../assets/run.js`. It may fetch from the page's own host alone. */
  readonly script?: string;
};

/** What a page may load: no script at all, unless it has one of ours. */
export function contentPolicy({ script }: DocumentOptions = {}): string {
  return script === undefined ? bare : `${bare}; script-src 'self'; connect-src 'self'`;
}

/** A whole page around its body; it says all there is to say without its script. */
export function document(title: string, body: Markup, options: DocumentOptions = {}): string {
  const { script } = options;
  const tag = script === undefined ? nothing : html`\n<script type="module" src="${script}"></script>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(options)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${style}</style>${tag}
</head>
<body>
${body}
</body>
</html>
`.text;
}

const style: Markup = { text: pageStyle, isMarkup: true };
