import { pipeline, type Readable } from 'node:stream';
import split2 from 'split2';

/**
 * The lines of a stream as they come. Ends or throws when the stream does: `.pipe` alone would leave the reader
 * waiting for ever when the stream is cut off.
 */
export function linesOf(stream: Readable): Readable {
  const lines = split2();
  pipeline(stream, lines, () => {});
  return lines;
}
