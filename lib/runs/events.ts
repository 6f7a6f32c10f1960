import { EventEmitter, once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeLine } from '../records/encode.ts';
import { splitLines } from '../records/lines.ts';
import type { AnyRecord } from '../records/types.ts';
import { diskFailure } from '../state/disk-failure.ts';

/** `events.ndjson` of a run: every record, in order; the live log, and what standard output is fed from. */
export type EventLog = {
  /**
   * Appends a record; in order, whether it is awaited or not. When that fails once (`Failure` 74), nothing more is
   * written, so that no line stands behind half of one; all that follow and `close` fail with it.
   */
  readonly append: (record: object) => Promise<void>;
  /**
   * Appends and makes durable, but keeps it, and all that is appended behind it, from followers until `release`
   * (triggers.md, step 10).
   */
  readonly appendHeld: (record: object) => Promise<void>;
  readonly release: () => void;
  /** The records as they come, from the first on, to the end of the log; read from the file, so it costs no memory. */
  readonly follow: () => AsyncGenerator<AnyRecord>;
  /** Ends the log and its followers; what is still held stays in the file and is not told. */
  readonly close: () => Promise<void>;
};

/** Starts the log of a run anew. */
export async function openEventLog(dir: string): Promise<EventLog> {
  const path = join(dir, 'events.ndjson');
  const file = await open(path, 'w+', 0o660).catch((error) => {
    throw diskFailure('make', path, error);
  });
  const state: LogState = { written: 0, visible: 0, held: false, closed: false, changed: new EventEmitter() };
  state.changed.setMaxListeners(0);
  let queue: Promise<void> = Promise.resolve();
  const enqueue = (record: object, held: boolean) => {
    // Encoded at once: what the caller does to it later must not come into the log.
    const line = Buffer.from(encodeLine(record));
    queue = queue.then(() => write(file, path, state, { line, held }));
    // Who does not await it learns of a failure from `close`.
    queue.catch(() => {});
    return queue;
  };
  return {
    append: (record) => enqueue(record, false),
    appendHeld: (record) => enqueue(record, true),
    release: () => {
      state.held = false;
      show(state);
    },
    follow: () => follow(path, state),
    close: () => queue.finally(() => end(file, state)),
  };
}

type LogState = {
  written: number;
  visible: number;
  held: boolean;
  closed: boolean;
  readonly changed: EventEmitter;
};
type Entry = { readonly line: Buffer; readonly held: boolean };

async function write(file: FileHandle, path: string, state: LogState, { line, held }: Entry): Promise<void> {
  try {
    await file.appendFile(line);
    if (held) await file.sync();
  } catch (error) {
    throw diskFailure('append to', path, error);
  }
  state.held ||= held;
  state.written += line.length;
  show(state);
}

function show(state: LogState): void {
  if (state.held) return;
  state.visible = state.written;
  state.changed.emit('change');
}

async function end(file: FileHandle, state: LogState): Promise<void> {
  if (state.closed) return;
  state.closed = true;
  state.changed.emit('change');
  await file.close();
}

async function* follow(path: string, state: LogState): AsyncGenerator<AnyRecord> {
  for await (const line of splitLines(visibleBytes(path, state))) {
    if (line.ok && line.bytes.length > 0) yield JSON.parse(line.bytes.toString('utf8')) as AnyRecord;
  }
}

async function* visibleBytes(path: string, state: LogState): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    let position = 0;
    while (true) {
      if (position < state.visible) {
        const size = Math.min(64 * 1024, state.visible - position);
        const { bytesRead, buffer } = await file.read(Buffer.alloc(size), 0, size, position);
        if (bytesRead === 0) return;
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      } else if (state.closed) return;
      else await once(state.changed, 'change');
    }
  } finally {
    await file.close();
  }
}
