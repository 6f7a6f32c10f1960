/** A fenced block of a Markdown text: its language, what it holds, and the line of the text on which it begins. */
export type Block = { readonly language: string; readonly text: string; readonly line: number };

/** The fenced blocks of a Markdown text, in order. */
export function fencedBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  for (const match of markdown.matchAll(/^(`{3,})([^\n`]*)\n([\s\S]*?)^\1$/gm)) {
    const [, , language = '', text = ''] = match;
    blocks.push({ language: language.trim(), text, line: markdown.slice(0, match.index).split('\n').length });
  }
  return blocks;
}
