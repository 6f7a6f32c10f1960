import { visible } from '../program/visible.ts';
import type { Status, Verdict } from '../records/common.ts';
import { fit, wrap } from './width.ts';

/** Text that may go to a terminal as it is. */
export type Painted = { readonly ansi: string };

export type Paint = {
  readonly bold: (text: string) => Painted;
  readonly dim: (text: string) => Painted;
  readonly warn: (text: string) => Painted;
  readonly status: (status: Status, text: string) => Painted;
  readonly verdict: (verdict: Verdict, text: string) => Painted;
};

const colours = { pass: '32', fail: '31', skip: '2', unver: '33' } as const satisfies Record<Status, string>;

/** Colours for a terminal; without `colour` the same words alone. */
export function paint(colour: boolean): Paint {
  const with_ = (sequence: string) => (text: string) => ({
    ansi: colour ? `\u001b[${sequence}m${clean(text)}\u001b[0m` : clean(text),
  });
  return {
    bold: with_('1'),
    dim: with_('2'),
    warn: with_('33'),
    status: (status, text) => with_(colours[status])(text),
    verdict: (verdict, text) =>
      with_(verdict === 'green' ? '1;32' : verdict === 'red' ? '1;31' : '1;33')(text),
  };
}

/** One line for a terminal: foreign text cannot steer it (security.md, row terminal), nor end the line. */
export function line(...parts: readonly (string | Painted)[]): string {
  return `${parts
    .map((part) => (typeof part === 'string' ? clean(part) : part.ansi))
    .join('')
    .trimEnd()}\n`;
}

/**
 * A line that begins with `head`, `indent` columns wide, and goes on with foreign text, below itself where it is longer
 * than a terminal of so many columns; whole without (0).
 */
export function block(head: string | Painted, indent: number, text: string, columns: number): string {
  const room = columns - indent - 1;
  // On a very narrow terminal a block of one word a line would not be read any better.
  const lines = room < 20 ? [clean(text)] : wrap(clean(text), room);
  return lines.map((one, index) => line(index === 0 ? head : ' '.repeat(indent), one)).join('');
}

/** Foreign text in at most so many columns (0: all of it), on one line. */
export function oneLine(text: string, columns: number): string {
  return columns > 0 ? fit(clean(text), Math.max(columns, 1)) : clean(text);
}

function clean(text: string): string {
  return visible(text.replace(/[\r\n\t]+/g, ' '));
}
