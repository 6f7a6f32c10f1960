import { columnsOf, type Definition, definitionsOf } from './definitions.ts';
import { renderFlag, renderInline, renderTerm } from './inline.ts';
import { type Block, type PhrasingContent, plainText } from './markdown.ts';
import { escapeCode, escapeText, guard, quote } from './roff.ts';
import { renderTable, tableOf } from './table.ts';

/** Sections whose columns are lists of definitions; elsewhere a block stays as it was written. */
const lists = /^(Options|Environment|Files|Exit status)$/i;

/** The blocks of a section as roff, ended by a line feed each. */
export function renderBlocks(blocks: readonly Block[], section: string): string {
  return blocks.map((block) => `${renderBlock(block, section)}\n`).join('');
}

function renderBlock(block: Block, section: string): string {
  switch (block.type) {
    case 'heading':
      return `.SS ${quote(escapeText(plainText(block.children)))}`;
    case 'paragraph':
      return renderParagraph(block.children);
    case 'code':
      return renderCode(block.value, block.lang == null && lists.test(section));
    case 'list':
      return block.children
        .map((item, index) => renderItem(item.children, block.ordered ? `${index + 1}.` : '\\(bu', section))
        .join('\n');
    default:
      throw new Error(`a manual cannot show ${block.type} (section ${section})`);
  }
}

function renderParagraph(nodes: readonly PhrasingContent[]): string {
  const definitions = definitionsOf(nodes);
  if (definitions !== null) return renderDefinitions(definitions, renderTerm, renderInline);
  const table = tableOf(nodes);
  return table === null ? `.PP\n${renderInline(nodes)}` : renderTable(table);
}

function renderCode(code: string, mayBeList: boolean): string {
  const columns = mayBeList ? columnsOf(code) : null;
  if (columns !== null) return renderDefinitions(columns, renderFlags, renderColumn);
  const lines = code.split('\n').map((line) => guard(escapeCode(line)));
  return ['.PP', '.RS 4', '.EX', ...lines, '.EE', '.RE'].join('\n');
}

function renderDefinitions<Part>(
  definitions: readonly Definition<Part>[],
  term: (part: Part) => string,
  said: (part: Part) => string,
): string {
  return definitions.map((one) => `.TP\n${term(one.term)}\n${said(one.said) || '\\&'}`).join('\n');
}

/** `--help, --version`: several flags may share a line. */
function renderFlags(term: string): string {
  return guard(term.startsWith('--') ? term.split(', ').map(renderFlag).join(', ') : renderFlag(term));
}

/** What columns say is Markdown only by its backticks. */
function renderColumn(text: string): string {
  const parts = text.split('`');
  return guard(parts.map((part, index) => (index % 2 === 1 ? renderFlag(part) : escapeText(part))).join(''));
}

function renderItem(blocks: readonly Block[], mark: string, section: string): string {
  const [first, ...rest] = blocks;
  if (first?.type !== 'paragraph')
    throw new Error(`an item of a list begins with words (section ${section})`);
  const more = rest.length === 0 ? '' : `\n.RS 3\n${renderBlocks(rest, section)}.RE`;
  return `.IP ${mark} 3\n${renderInline(first.children)}${more}`;
}
