import { fromMarkdown } from 'mdast-util-from-markdown';

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

/** Deepest nesting of block quotes and lists that is parsed: the parser's time grows with its square. */
const nestingLimit = 60;

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
 * The trimmed lines of a Markdown text that its author says, as far as `isWanted` asks for them: a line of a block
 * quote, of code, of HTML or of a link's text is not among them (L10). Lines are lines of the source, so a list
 * item's marker belongs to its line.
 */
export function spokenLines(text: string, isWanted: (line: string) => boolean): string[] {
  const source = text.replace(/^\uFEFF/, ' ');
  const wanted = trimmedLines(source).filter(({ start, end }) => isWanted(source.slice(start, end)));
  if (wanted.length === 0 || isTooDeep(source)) return [];
  const silent = silentSpans(fromMarkdown(source, { extensions }));
  return wanted
    .filter((line) => !silent.some((span) => overlap(span, line)))
    .map(({ start, end }) => source.slice(start, end));
}

function trimmedLines(text: string): Span[] {
  return [...text.matchAll(/[^\r\n]+/g)].map(({ 0: line, index }) => {
    const start = index + line.length - line.trimStart().length;
    return { start, end: start + line.trim().length };
  });
}

function isTooDeep(text: string): boolean {
  return new RegExp(`^(?:[ \\t]*(?:>|[-+*]|\\d{1,9}[.)])(?=[ \\t>]|$)){${nestingLimit}}`, 'm').test(text);
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

function overlap(one: Span, other: Span): boolean {
  return one.start < other.end && other.start < one.end;
}
