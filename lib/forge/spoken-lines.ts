import { fromMarkdown } from 'mdast-util-from-markdown';

/** A line of the source; `start` is the offset of its first character that is no white space. */
type Line = { readonly start: number; readonly text: string };

/** Half open range of offsets into the body. */
type Span = { readonly start: number; readonly end: number };

/** As much of a Markdown node as is looked at. */
type Node = {
  readonly type: string;
  readonly position?: {
    readonly start: { readonly offset?: number };
    readonly end: { readonly offset?: number };
  };
  readonly children?: readonly Node[];
};

/**
 * Deepest nesting of block quotes and lists, and most brackets open at a time, that is parsed: the parser's time
 * grows with the square of the one and the third power of the other.
 */
const nestingLimit = 40;
const bracketLimit = 300;

/** Emphasis says nothing about who speaks, and 64 kB of asterisks would keep the parser busy for half a minute. */
const extensions = [{ disable: { null: ['attention'] } }];

/** Markdown in which nobody speaks: quoted, code, HTML (comments too), and what a link or picture says. */
const unspoken: ReadonlySet<string> = new Set([
  'blockquote',
  'code',
  'inlineCode',
  'html',
  'link',
  'linkReference',
  'image',
  'imageReference',
  'definition',
]);

/**
 * The lines of a Markdown text that its author says, as far as `isWanted` asks for them, without the white space
 * before them: a line that begins in a block quote, in code, in HTML or in a link's text is not among them (L10).
 * Lines are lines of the source, so a list item's marker belongs to its line. In a text that is nested more deeply
 * than anybody writes, nobody speaks.
 */
export function spokenLines(text: string, isWanted: (line: string) => boolean): string[] {
  const wanted = linesOf(text).filter((line) => isWanted(line.text));
  // A byte order mark at the beginning would be left out by the parser, and all offsets be one too small.
  const source = text.replace(/^\uFEFF/, ' ');
  if (wanted.length === 0 || isTooDeep(source)) return [];
  const isSilent = silentOffsets(source);
  return wanted.filter(({ start }) => isSilent[start] !== 1).map((line) => line.text);
}

function linesOf(source: string): Line[] {
  return [...source.matchAll(/[^\r\n]+/g)].map(({ 0: line, index }) => {
    const text = line.replace(/^\p{White_Space}+/u, '');
    return { start: index + line.length - text.length, text };
  });
}

function isTooDeep(text: string): boolean {
  return openBrackets(text) > bracketLimit || isDeeplyQuoted(text);
}

/** No link goes on over an empty line. */
function openBrackets(text: string): number {
  let open = 0;
  let most = 0;
  for (const [found] of text.matchAll(/[[\]]|(?:\r\n|\r(?!\n)|\n)[ \t]*(?=[\r\n])/g)) {
    open = found === '[' ? open + 1 : found === ']' ? Math.max(0, open - 1) : 0;
    most = Math.max(most, open);
  }
  return most;
}

/** A `>` needs no space behind it, the marker of a list does. */
function isDeeplyQuoted(text: string): boolean {
  const marker = '[ \\t]*(?:>|(?:[-+*]|\\d{1,9}[.)])(?=[ \\t]|$))';
  return new RegExp(`^(?:${marker}){${nestingLimit}}`, 'm').test(text);
}

/** 1 for each offset at which nobody speaks: one look per line, however many quotes and lines there are. */
function silentOffsets(source: string): Uint8Array {
  const offsets = new Uint8Array(source.length);
  for (const { start, end } of silentSpans(fromMarkdown(source, { extensions }))) offsets.fill(1, start, end);
  return offsets;
}

/** Walks with a list of its own: a hostile text must not overflow the stack. */
function silentSpans(root: Node): Span[] {
  const spans: Span[] = [];
  const pending: Node[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const { start, end } = node.position ?? {};
    if (unspoken.has(node.type) && start !== undefined && end !== undefined) {
      spans.push({ start: start.offset ?? 0, end: end.offset ?? 0 });
    } else {
      for (const child of node.children ?? []) pending.push(child);
    }
  }
  return spans;
}
