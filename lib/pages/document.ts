import { createHash } from 'node:crypto';
import { html, type Markup, nothing } from './html.ts';
import { pageStyle } from './page-style.ts';

export type DocumentOptions = {
  /** A script of ours, relative to the page: `../../assets/run.js`. It may fetch from the page's own host alone. */
  readonly script?: string;
  /** What this page's style has besides that of all pages. */
  readonly style?: string;
};

/**
 * What a page may load: no frame, no form, nothing from other hosts; styles by their hash; no script at all, unless it
 * has one of ours (security.md, row pages).
 */
export function contentPolicy({ script, style }: DocumentOptions = {}): string {
  const styles = sheets(style).map(
    (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
  const bare = `default-src 'none'; style-src ${styles.join(' ')}; img-src 'self'; base-uri 'none'; form-action 'none'`;
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
${sheets(options.style).map(styleTag)}${tag}
</head>
<body>
${body}
</body>
</html>
`.text;
}

function sheets(style: string | undefined): readonly string[] {
  return style === undefined ? [pageStyle] : [pageStyle, style];
}

function styleTag(text: string): Markup {
  return html`<style>${{ text, isMarkup: true }}</style>`;
}
