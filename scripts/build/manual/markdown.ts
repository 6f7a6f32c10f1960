import { fromMarkdown } from 'mdast-util-from-markdown';

type Root = ReturnType<typeof fromMarkdown>;
/** A block: heading, paragraph, code, list. */
export type Block = Root['children'][number];
/** What stands in a line: text, code, emphasis, a link. */
export type PhrasingContent = Extract<Block, { type: 'paragraph' }>['children'][number];

/** The blocks of a page in Markdown. */
export function parseMarkdown(text: string): readonly Block[] {
  return fromMarkdown(text).children;
}

/** The words of inline nodes, without their looks. */
export function plainText(nodes: readonly PhrasingContent[]): string {
  return nodes
    .map((node) => ('value' in node ? node.value : 'children' in node ? plainText(node.children) : ''))
    .join('');
}
