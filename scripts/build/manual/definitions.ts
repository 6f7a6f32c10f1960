import type { PhrasingContent } from './markdown.ts';

/** A term and what is said about it. */
export type Definition<Part> = { readonly term: Part; readonly said: Part };

/**
 * A paragraph as a list of definitions: a term on a line of its own, `: ` before what is said about it. Null where it
 * is none.
 */
export function definitionsOf(
  nodes: readonly PhrasingContent[],
): readonly Definition<readonly PhrasingContent[]>[] | null {
  const lines = splitLines(nodes);
  if (lines.length < 2 || !startsDefinition(lines[1])) return null;
  const found: { term: PhrasingContent[]; said: PhrasingContent[] }[] = [];
  for (const [index, line] of lines.entries()) {
    const last = found.at(-1);
    if (startsDefinition(lines[index + 1])) found.push({ term: [...line], said: [] });
    else if (startsDefinition(line)) last?.said.push(...withoutColon(line));
    else last?.said.push({ type: 'text', value: '\n' }, ...line);
  }
  return found;
}

/**
 * A block of columns as a list of definitions: the term, two blanks or more, what is said; lines that are set in go on
 * with it. Null where the first line is set in.
 */
export function columnsOf(block: string): readonly Definition<string>[] | null {
  const found: { term: string; said: string }[] = [];
  for (const line of block.split('\n').filter((one) => one.trim() !== '')) {
    const last = found.at(-1);
    if (!line.startsWith(' ')) {
      const [, term = line, said = ''] = /^(.*?\S)(?: {2,}(.*))?$/.exec(line) ?? [];
      found.push({ term, said });
    } else if (last === undefined) return null;
    else last.said = `${last.said}\n${line.trim()}`.trimStart();
  }
  return found;
}

/** The inline nodes of each line of the source. */
export function splitLines(nodes: readonly PhrasingContent[]): readonly PhrasingContent[][] {
  const lines: PhrasingContent[][] = [[]];
  for (const node of nodes) {
    if (node.type !== 'text') {
      lines.at(-1)?.push(node);
      continue;
    }
    const [first = '', ...rest] = node.value.split('\n');
    if (first !== '') lines.at(-1)?.push({ type: 'text', value: first });
    for (const value of rest) lines.push(value === '' ? [] : [{ type: 'text', value }]);
  }
  return lines;
}

function startsDefinition(line: readonly PhrasingContent[] | undefined): boolean {
  const first = line?.[0];
  return first?.type === 'text' && first.value.startsWith(': ');
}

function withoutColon([first, ...rest]: readonly PhrasingContent[]): readonly PhrasingContent[] {
  return first?.type === 'text' ? [{ type: 'text', value: first.value.slice(2) }, ...rest] : rest;
}
