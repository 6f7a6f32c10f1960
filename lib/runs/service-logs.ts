import { appendFile, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cutText } from '../records/encode.ts';
import { logLineLimit } from '../records/log.ts';
import { diskFailure } from '../state/disk-failure.ts';
import { makeStreamLimit } from './stream-limit.ts';

/** Longest log file of one service; source: records.md. */
const fileLimitBytes = 50 * 1024 * 1024;

export type ServiceLine = { readonly line: string; readonly cut?: number };

export type ServiceLogs = {
  /** Takes a masked line; gives back what belongs into the stream of records, or null when it is over the limit. */
  readonly take: (service: string, line: string) => ServiceLine | null;
  /** All lines are in their files; `Failure` 74 when one could not be written. */
  readonly flush: () => Promise<void>;
};

/** Writes each service's log to `logs/<service>.log` and decides what of it goes into the stream. */
export function makeServiceLogs(
  dir: string,
  now: () => number,
  fileLimit: number = fileLimitBytes,
): ServiceLogs {
  const limits = new Map<string, (line: string) => boolean>();
  const waiting: Waiting = new Map();
  let writing: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;
  const write = async () => {
    while (waiting.size > 0) await writeBatch(dir, waiting, fileLimit);
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
        keep(waiting, service, line, fileLimit);
        start();
      }
      const admits = limits.get(service) ?? makeStreamLimit(now);
      limits.set(service, admits);
      const shortened = shorten(line);
      return admits(shortened.line) ? shortened : null;
    },
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

function shorten(line: string): ServiceLine {
  const { text, cut } = cutText(line, logLineLimit);
  return cut === 0 ? { line: text } : { line: text, cut };
}

type Waiting = Map<string, { lines: string[]; size: number }>;

/** Where a service writes faster than the disk does, the oldest lines go, as they would from the file. */
function keep(waiting: Waiting, service: string, line: string, fileLimit: number): void {
  const batch = waiting.get(service) ?? { lines: [], size: 0 };
  waiting.set(service, batch);
  batch.lines.push(line);
  batch.size += line.length + 1;
  if (batch.size <= fileLimit) return;
  batch.lines = batch.lines.slice(Math.ceil(batch.lines.length / 2));
  batch.size = batch.lines.reduce((size, kept) => size + kept.length + 1, 0);
}

async function writeBatch(dir: string, waiting: Waiting, fileLimit: number): Promise<void> {
  const batches = [...waiting.entries()];
  waiting.clear();
  for (const [service, { lines }] of batches) {
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
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const start = buffer.indexOf(10) + 1;
    const kept = await open(`${path}.new`, 'w');
    await kept.writeFile(buffer.subarray(start, bytesRead)).finally(() => kept.close());
    await rename(`${path}.new`, path);
  } finally {
    await file.close();
  }
}
