import { isAscii, isUtf8 } from 'node:buffer';
import { type Block, type LongLine, linesOf, splitBlocks } from './lines.ts';

/** A line of input: text, or bytes that are not UTF-8, or one over the limit. */
export type TextLine = string | Buffer | LongLine;

/** Lines that came together; `first` is the number of the first, from 1. */
export type Texts = { readonly first: number; readonly lines: readonly TextLine[] };

/**
 * Reads lines of text, all that are whole of one piece of input at once: to look at the bytes and to make text of
 * them costs much less for all than for each. A last line without its end is a line too.
 */
export async function* readTexts(input: AsyncIterable<Uint8Array>): AsyncGenerator<Texts> {
  let first = 1;
  for await (const block of splitBlocks(input)) {
    const lines = block.ok ? textsOf(block) : [block];
    yield { first, lines };
    first += lines.length;
  }
}

function textsOf(block: Block): TextLine[] {
  const text = textOf(block.bytes);
  if (text === undefined) return Array.from(linesOf(block), (bytes) => textOf(bytes) ?? bytes);
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Undefined where it is not UTF-8. */
function textOf(bytes: Buffer): string | undefined {
  // The same for bytes below 128, and the quickest.
  if (isAscii(bytes)) return bytes.toString('latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}
