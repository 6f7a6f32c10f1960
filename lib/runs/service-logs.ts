import { appendFile, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cutText } from '../records/encode.ts';
import { logLineLimit } from '../records/log.ts';

/** Limits of one service's log; source: records.md. */
const firstLines = 200;
const linesPerSecond = 100;
const streamLimitBytes = 2 * 1024 * 1024;
const fileLimitBytes = 50 * 1024 * 1024;

export type ServiceLine = { readonly line: string; readonly cut?: number };

export type ServiceLogs = {
  /** Takes a masked line; gives back what belongs into the stream of records, or null when it is over the limit. */
  readonly take: (service: string, line: string) => ServiceLine | null;
  /** All lines are in their files. */
  readonly flush: () => Promise<void>;
};

type Counter = { lines: number; bytes: number; second: number; inSecond: number };

/** Writes each service's log to `logs/<service>.log` and decides what of it goes into the stream. */
export function makeServiceLogs(dir: string, now: () => number): ServiceLogs {
  const counters = new Map<string, Counter>();
  const waiting = new Map<string, string[]>();
  let writing: Promise<void> = Promise.resolve();
  const write = async () => {
    const batch = [...waiting.entries()];
    waiting.clear();
    for (const [service, lines] of batch) await appendCapped(logPath(dir, service), `${lines.join('\n')}\n`);
  };
  return {
    take: (service, line) => {
      waiting.set(service, [...(waiting.get(service) ?? []), line]);
      writing = writing.then(write);
      const counter = counters.get(service) ?? { lines: 0, bytes: 0, second: 0, inSecond: 0 };
      counters.set(service, counter);
      return isOver(counter, line, now()) ? null : shorten(line);
    },
    flush: () => writing,
  };
}

/** File of a service's log; the name is the service's, which compose keeps to `[a-zA-Z0-9._-]`. */
export function logPath(dir: string, service: string): string {
  return join(dir, 'logs', `${service.replaceAll(/[^a-zA-Z0-9._-]/g, '_')}.log`);
}

function isOver(counter: Counter, line: string, now: number): boolean {
  const second = Math.floor(now / 1000);
  if (second !== counter.second) {
    counter.second = second;
    counter.inSecond = 0;
  }
  counter.lines += 1;
  counter.inSecond += 1;
  counter.bytes += Buffer.byteLength(line) + 1;
  if (counter.bytes > streamLimitBytes) return true;
  return counter.lines > firstLines && counter.inSecond > linesPerSecond;
}

function shorten(line: string): ServiceLine {
  const { text, cut } = cutText(line, logLineLimit);
  return cut === 0 ? { line: text } : { line: text, cut };
}

async function appendCapped(path: string, text: string): Promise<void> {
  await appendFile(path, text);
  const { size } = await stat(path);
  if (size > fileLimitBytes) await keepNewestHalf(path, size);
}

async function keepNewestHalf(path: string, size: number): Promise<void> {
  const file = await open(path, 'r');
  try {
    const length = Math.floor(fileLimitBytes / 2);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const start = buffer.indexOf(10) + 1;
    const kept = await open(`${path}.new`, 'w');
    await kept.writeFile(buffer.subarray(start));
    await kept.close();
    await rename(`${path}.new`, path);
  } finally {
    await file.close();
  }
}
