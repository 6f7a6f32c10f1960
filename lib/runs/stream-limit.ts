import { cutText } from '../records/encode.ts';
import { logLineLimit } from '../records/log.ts';

/** Limits of one source of lines in the stream of records; source: records.md. */
const firstLines = 200;
const linesPerSecond = 100;
const streamLimitBytes = 2 * 1024 * 1024;

/** A line as a `log` record has it; `cut` is what was left out of it, in bytes. */
export type StreamLine = { readonly line: string; readonly cut?: number };

/**
 * Says of each line of one source what belongs into the stream, or null when it is over the limit. Only what goes there
 * counts: a flood, or one endless line, does not silence what comes after it. `mask` sees only what may go there; `now`
 * in milliseconds.
 */
export function makeStreamLimit(
  now: () => number,
  mask: (line: string) => string = (line) => line,
): (line: string) => StreamLine | null {
  const counter = { lines: 0, bytes: 0, second: 0, inSecond: 0 };
  return (line) => {
    const second = Math.floor(now() / 1000);
    if (second !== counter.second) {
      counter.second = second;
      counter.inSecond = 0;
    }
    if (counter.lines >= firstLines && counter.inSecond >= linesPerSecond) return null;
    const { text, cut } = cutText(mask(line), logLineLimit);
    const bytes = counter.bytes + Buffer.byteLength(text) + 1;
    if (bytes > streamLimitBytes) return null;
    counter.lines += 1;
    counter.inSecond += 1;
    counter.bytes = bytes;
    return cut === 0 ? { line: text } : { line: text, cut };
  };
}
