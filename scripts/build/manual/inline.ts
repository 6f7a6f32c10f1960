import type { PhrasingContent } from './markdown.ts';
import { escapeCode, escapeText, guard } from './roff.ts';

/** Words of a paragraph as roff, one line for each line of the source. */
export function renderInline(nodes: readonly PhrasingContent[]): string {
  return guard(nodes.map(renderNode).join(''));
}

function renderNode(node: PhrasingContent): string {
  switch (node.type) {
    case 'text':
      return escapeText(node.value);
    case 'inlineCode':
      return bold(escapeCode(node.value));
    case 'strong':
      return bold(renderInline(node.children));
    case 'emphasis':
      return italic(renderInline(node.children));
    case 'link':
      return renderLink(renderInline(node.children), node.url);
    default:
      throw new Error(`a manual cannot show ${node.type}; write it as text, code, emphasis or a link`);
  }
}

/** Where a page cannot be followed to, its text has to do: files of the repository are not installed. */
function renderLink(text: string, url: string): string {
  return /^https?:/.test(url) ? `${text} <${escapeCode(url)}>` : text;
}

/** The font before comes back, whatever it was. */
export function bold(text: string): string {
  return `\\fB${text}\\fP`;
}

export function italic(text: string): string {
  return `\\fI${text}\\fP`;
}

/** What stands in front of a definition: flags bold, their values as what is to be replaced. */
export function renderTerm(nodes: readonly PhrasingContent[]): string {
  const parts = nodes.map((node) => (node.type === 'inlineCode' ? renderFlag(node.value) : renderNode(node)));
  return guard(parts.join('').replaceAll('\n', ' '));
}

/** `--slots N`: the flag bold, the value in italics; anything else bold as a whole. */
export function renderFlag(code: string): string {
  const [, flag, value] = /^(--[a-z][a-z0-9-]*)(?: (.*))?$/.exec(code) ?? [];
  if (flag === undefined) return bold(escapeCode(code));
  return value === undefined
    ? bold(escapeCode(flag))
    : `${bold(escapeCode(flag))} ${italic(escapeCode(value))}`;
}
