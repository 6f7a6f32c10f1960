import { createReadStream, createWriteStream } from 'node:fs';
import { appendFile, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { diskFailure } from '../state/disk-failure.ts';
import { makeStreamLimit, type StreamLine } from './stream-limit.ts';

/** Longest log file of one service; source: records.md. */
const fileLimitBytes = 50 * 1024 * 1024;
/** So much may wait for the disk before whoever brings lines is asked to wait. */
const waitingBytes = 1024 * 1024;

export type ServiceLogs = {
  /** Takes a masked line; gives back what belongs into the stream of records, or null when it is over the limit. */
  readonly take: (service: string, line: string) => StreamLine | null;
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
  const limits = new Map<string, ReturnType<typeof makeStreamLimit>>();
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
      const limit = limits.get(service) ?? makeStreamLimit(now);
      limits.set(service, limit);
      return limit(line);
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
