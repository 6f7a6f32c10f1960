import { createReadStream, createWriteStream } from 'node:fs';
import { appendFile, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cutText } from '../records/encode.ts';
import { logLineLimit } from '../records/log.ts';
import { diskFailure } from '../state/disk-failure.ts';

/** Limits of one service's log; source: records.md. */
const firstLines = 200;
const linesPerSecond = 100;
const streamLimitBytes = 2 * 1024 * 1024;
const fileLimitBytes = 50 * 1024 * 1024;
/** So much may wait for the disk before whoever brings lines is asked to wait. */
const waitingBytes = 1024 * 1024;

export type ServiceLine = { readonly line: string; readonly cut?: number };

export type ServiceLogs = {
  /** Takes a masked line; gives back what belongs into the stream of records, or null when it is over the limit. */
  readonly take: (service: string, line: string) => ServiceLine | null;
  /** Null while there is room; else what to wait for before more is taken: the disk is slower than the service. */
  readonly full: () => Promise<void> | null;
  /** All lines are in their files; `Failure` 74 when one could not be written. */
  readonly flush: () => Promise<void>;
};

/** Writes each service's log to `logs/<service>.log` and decides what of it goes into the stream. */
export function makeServiceLogs(
  dir: string,
  now: () => number,
  fileLimit: number = fileLimitBytes,
): ServiceLogs {
  const counters = new Map<string, Counter>();
  const waiting: Waiting = new Map();
  let writing: Promise<void> | undefined;
  let size = 0;
  let failure: { readonly error: unknown } | undefined;
  const write = async () => {
    while (waiting.size > 0) {
      size = 0;
      await writeBatch(dir, waiting, fileLimit);
    }
  };
  const start = () => {
    writing ??= write()
      .catch((error) => {
        failure ??= { error };
      })
      .finally(() => {
        writing = undefined;
      });
  };
  return {
    take: (service, line) => {
      if (failure === undefined) {
        keep(waiting, service, line);
        size += line.length + 1;
        start();
      }
      const counter = counters.get(service) ?? { lines: 0, bytes: 0, second: 0, inSecond: 0 };
      counters.set(service, counter);
      return count(counter, line, now());
    },
    full: () => (failure === undefined && size > waitingBytes ? (writing ?? null) : null),
    flush: async () => {
      await writing;
      if (failure !== undefined) throw failure.error;
    },
  };
}

/** File of a service's log; the name is the service's, which compose keeps to `[a-zA-Z0-9._-]`. */
export function logPath(dir: string, service: string): string {
  return join(dir, 'logs', `${service.replaceAll(/[^a-zA-Z0-9._-]/g, '_')}.log`);
}

type Counter = { lines: number; bytes: number; second: number; inSecond: number };

/** Only what goes into the stream counts: a flood, or one endless line, does not silence what comes after it. */
function count(counter: Counter, line: string, now: number): ServiceLine | null {
  const second = Math.floor(now / 1000);
  if (second !== counter.second) {
    counter.second = second;
    counter.inSecond = 0;
  }
  if (counter.lines >= firstLines && counter.inSecond >= linesPerSecond) return null;
  const shortened = shorten(line);
  const bytes = counter.bytes + Buffer.byteLength(shortened.line) + 1;
  if (bytes > streamLimitBytes) return null;
  counter.lines += 1;
  counter.inSecond += 1;
  counter.bytes = bytes;
  return shortened;
}

function shorten(line: string): ServiceLine {
  const { text, cut } = cutText(line, logLineLimit);
  return cut === 0 ? { line: text } : { line: text, cut };
}

/** Lines of each service that are not in its file yet. */
type Waiting = Map<string, string[]>;

function keep(waiting: Waiting, service: string, line: string): void {
  const lines = waiting.get(service);
  if (lines === undefined) waiting.set(service, [line]);
  else lines.push(line);
}

async function writeBatch(dir: string, waiting: Waiting, fileLimit: number): Promise<void> {
  const batches = [...waiting.entries()];
  waiting.clear();
  for (const [service, lines] of batches) {
    const path = logPath(dir, service);
    try {
      await appendCapped(path, `${lines.join('\n')}\n`, fileLimit);
    } catch (error) {
      throw diskFailure('write', path, error);
    }
  }
}

async function appendCapped(path: string, text: string, fileLimit: number): Promise<void> {
  await appendFile(path, text);
  const { size } = await stat(path);
  if (size > fileLimit) await keepNewestHalf(path, size, Math.floor(fileLimit / 2));
}

/** From a whole line on, and by rename: a reader sees the old file or the new one. */
async function keepNewestHalf(path: string, size: number, length: number): Promise<void> {
  const start = await lineStart(path, size - length);
  await pipeline(createReadStream(path, { start, end: size - 1 }), createWriteStream(`${path}.new`));
  await rename(`${path}.new`, path);
}

/** Where the first whole line behind a place begins; the place itself when no line ends soon. */
async function lineStart(path: string, from: number): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, from);
    return from + buffer.subarray(0, bytesRead).indexOf(10) + 1;
  } finally {
    await file.close();
  }
}
