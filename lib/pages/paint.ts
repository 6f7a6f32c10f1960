import { visible } from '../program/visible.ts';
import type { Status, Verdict } from '../records/common.ts';

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

function clean(text: string): string {
  return visible(text.replace(/[\r\n\t]+/g, ' '));
}
