import { EventEmitter, once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeLine } from '../records/encode.ts';
import { splitLines } from '../records/lines.ts';
import type { AnyRecord } from '../records/types.ts';

/** `events.ndjson` of a run: every record, in order; the live log, and what standard output is fed from. */
export type EventLog = {
  /** Appends a record; in order, whether it is awaited or not. */
  readonly append: (record: object) => Promise<void>;
  /** Appends and makes durable, but keeps it from followers until `release` (triggers.md, step 10). */
  readonly appendHeld: (record: object) => Promise<void>;
  readonly release: () => void;
  /** The records as they come, from the first on, to the end of the log; read from the file, so it costs no memory. */
  readonly follow: () => AsyncGenerator<AnyRecord>;
  readonly close: () => Promise<void>;
};

/** Starts the log of a run anew. */
export async function openEventLog(dir: string): Promise<EventLog> {
  const path = join(dir, 'events.ndjson');
  const file = await open(path, 'w+', 0o660);
  const state: LogState = { written: 0, visible: 0, closed: false, changed: new EventEmitter() };
  state.changed.setMaxListeners(0);
  let queue: Promise<void> = Promise.resolve();
  const enqueue = (work: () => Promise<void>) => {
    queue = queue.then(work);
    return queue;
  };
  return {
    append: (record) => enqueue(() => write(file, state, record, false)),
    appendHeld: (record) => enqueue(() => write(file, state, record, true)),
    release: () => show(state),
    follow: () => follow(path, state),
    close: () =>
      enqueue(async () => {
        show(state);
        await file.close();
        state.closed = true;
        state.changed.emit('change');
      }),
  };
}

type LogState = { written: number; visible: number; closed: boolean; readonly changed: EventEmitter };

async function write(file: FileHandle, state: LogState, record: object, held: boolean): Promise<void> {
  const line = Buffer.from(encodeLine(record));
  await file.appendFile(line);
  state.written += line.length;
  if (held) await file.sync();
  else show(state);
}

function show(state: LogState): void {
  state.visible = state.written;
  state.changed.emit('change');
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
