import { splitLines } from './definitions.ts';
import { renderInline } from './inline.ts';
import type { PhrasingContent } from './markdown.ts';
import { guard } from './roff.ts';

/** A paragraph whose lines are rows between bars, as cells of inline nodes; the first row is the head. Null for any other. */
export function tableOf(nodes: readonly PhrasingContent[]): readonly PhrasingContent[][][] | null {
  const lines = splitLines(nodes);
  const rows = lines.map(cellsOf);
  const isTable = rows.length > 2 && rows.every((row) => row !== null) && isRuler(rows[1] ?? []);
  return isTable ? (rows.filter((_row, index) => index !== 1) as PhrasingContent[][][]) : null;
}

/** As tbl reads it: words flow within a column, the last of which takes what is left. */
export function renderTable([head = [], ...rows]: readonly PhrasingContent[][][]): string {
  const columns = head.map((_cell, index) => (index === head.length - 1 ? 'lx' : 'l'));
  const bold = columns.map((column) => column.replace('l', 'lb'));
  const row = (cells: readonly PhrasingContent[][]) => cells.map(renderCell).join('\t');
  return ['.TS', `${bold.join(' ')}`, `${columns.join(' ')}.`, ...[head, ...rows].map(row), '.TE'].join('\n');
}

function renderCell(nodes: readonly PhrasingContent[]): string {
  const text = guard(renderInline(nodes).trim());
  return text === '' ? '' : `T{\n${text}\nT}`;
}

/** The cells of `| a | b |`; null for a line that is no row. */
function cellsOf(line: readonly PhrasingContent[]): PhrasingContent[][] | null {
  const [first, last] = [line[0], line.at(-1)];
  const isRow =
    first?.type === 'text' &&
    /^\s*\|/.test(first.value) &&
    last?.type === 'text' &&
    /\|\s*$/.test(last.value);
  if (!isRow) return null;
  const cells: PhrasingContent[][] = [[]];
  for (const node of line) {
    const parts = node.type === 'text' ? node.value.split('|') : [node];
    for (const [index, part] of parts.entries()) {
      if (index > 0) cells.push([]);
      cells.at(-1)?.push(typeof part === 'string' ? { type: 'text', value: part } : part);
    }
  }
  return cells.slice(1, -1);
}

function isRuler(cells: readonly PhrasingContent[][]): boolean {
  return cells.every(([cell]) => cell?.type === 'text' && /^\s*:?-+:?\s*$/.test(cell.value));
}
