import { renderBlocks } from './blocks.ts';
import { type Block, parseMarkdown, plainText } from './markdown.ts';
import { escapeCode, escapeText, quote } from './roff.ts';

/** A page of the manual, as it was read. */
export type Page = {
  /** `ccci-poll`. */
  readonly name: string;
  /** 1 for programs, 5 for files, 7 for the rest, 8 for what only an administrator starts. */
  readonly section: number;
  /** One line, as `whatis` shows it. */
  readonly summary: string;
  /** In order, without `Name`. */
  readonly sections: readonly { readonly title: string; readonly blocks: readonly Block[] }[];
};

/**
 * Reads a page: `# name(1)`, then `## Name` with `name - one line` or `name: one line.`, then its sections. An error
 * names the file and what is wrong with it.
 */
export function readPage(text: string, file: string): Page {
  const [title, ...blocks] = parseMarkdown(text);
  const [, name, section = '1'] = /^([a-z-]+)(?:\((\d)\))?$/.exec(headingOf(title, 1) ?? '') ?? [];
  if (name === undefined) throw new Error(`${file}: expected a first line such as "# ccci-poll(1)"`);
  const [first, ...sections] = divide(blocks);
  const said = first?.blocks[0]?.type === 'paragraph' ? plainText(first.blocks[0].children) : '';
  const [, summary] = new RegExp(`^${name}(?: -|:) (.*?)\\.?$`, 's').exec(said) ?? [];
  if (first?.title !== 'Name' || summary === undefined) {
    throw new Error(`${file}: expected a section "Name" with "${name} - what it is in one line"`);
  }
  return { name, section: Number(section), summary: summary.replaceAll('\n', ' '), sections };
}

/** The page as roff, for `man`. */
export function renderPage(page: Page, version: string, seeAlso: readonly string[]): string {
  const { name, section, summary, sections } = page;
  const body = sections.map(({ title, blocks }) => renderSection(title, renderBlocks(blocks, title)));
  const head = [name.toUpperCase(), String(section), '', `ccci ${version}`, 'ccci'].map((word) =>
    quote(escapeCode(word)),
  );
  return [
    // Says that tables have to be formatted first; of no date, so that the same sources give the same bytes.
    `'\\" t\n.TH ${head.join(' ')}\n.nr HY 0\n.ad l\n`,
    renderSection('Name', `${escapeCode(name)} \\- ${escapeText(summary)}\n`),
    ...body,
    renderSection('See also', `${seeAlso.map(renderReference).join(',\n')}\n`),
  ].join('');
}

function renderSection(title: string, body: string): string {
  return `.SH ${quote(escapeText(title.toUpperCase()))}\n${body}`;
}

function renderReference(reference: string): string {
  return `\\fB${escapeCode(reference.replace(/\(.*/, ''))}\\fP${reference.replace(/^.*\(/, '(')}`;
}

/** Blocks by the headings of the second level above them. */
function divide(blocks: readonly Block[]): { readonly title: string; readonly blocks: Block[] }[] {
  const found: { title: string; blocks: Block[] }[] = [];
  for (const block of blocks) {
    const title = headingOf(block, 2);
    if (title === null) found.at(-1)?.blocks.push(block);
    else found.push({ title, blocks: [] });
  }
  return found;
}

function headingOf(block: Block | undefined, depth: number): string | null {
  return block?.type === 'heading' && block.depth === depth ? plainText(block.children) : null;
}
