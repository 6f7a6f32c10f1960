/** Limits of one source of lines in the stream of records; source: records.md. */
const firstLines = 200;
const linesPerSecond = 100;
const streamLimitBytes = 2 * 1024 * 1024;

/**
 * Says of each line of one source whether it still belongs into the stream. Only what does counts: a flood, or one
 * endless line, does not silence what comes after it. `now` in milliseconds.
 */
export function makeStreamLimit(now: () => number): (line: string) => boolean {
  const counter = { lines: 0, bytes: 0, second: 0, inSecond: 0 };
  return (line) => {
    const second = Math.floor(now() / 1000);
    if (second !== counter.second) {
      counter.second = second;
      counter.inSecond = 0;
    }
    if (counter.lines >= firstLines && counter.inSecond >= linesPerSecond) return false;
    const bytes = counter.bytes + Buffer.byteLength(line) + 1;
    if (bytes > streamLimitBytes) return false;
    counter.lines += 1;
    counter.inSecond += 1;
    counter.bytes = bytes;
    return true;
  };
}
