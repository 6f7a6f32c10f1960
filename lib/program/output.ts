import type { Transform, Writable } from 'node:stream';
import { codeOf, exitStatus, Failure, messageOf } from './failure.ts';

export type Output = {
  /**
   * Writes records to standard output as newline-delimited JSON, in order, with the pipe's backpressure.
   * A reader that leaves is no error: `closed` aborts, and the records are read to their end, unwritten. So they are
   * when writing fails, and then comes a `Failure` with status 74.
   */
  readonly records: (records: AsyncIterable<object>) => Promise<void>;
  /** The same for many records at a time: each batch is encoded and written in one go. */
  readonly batches: (batches: AsyncIterable<readonly object[]>) => Promise<void>;
  /** Writes text to standard output; `Failure` 74 when that fails. */
  readonly text: (text: string) => Promise<void>;
  /** Aborted when nothing more can be written: the reader has left (EPIPE), or an error. */
  readonly closed: AbortSignal;
};

/** Standard output as records or text. */
export function makeOutput(stdout: Writable): Output {
  const closing = new AbortController();
  const sink: Sink = { stdout, closed: closing.signal, failure: undefined, wake: () => {} };
  stdout.on('drain', () => sink.wake());
  stdout.on('error', (error) => {
    if (codeOf(error) !== 'EPIPE' && !closing.signal.aborted) sink.failure = outputFailed(error);
    closing.abort(codeOf(error) ?? 'error');
    sink.wake();
  });
  return {
    closed: closing.signal,
    records: (records) => writeRecords(records, sink),
    batches: (batches) => writeBatches(batches, sink),
    text: async (text) => {
      write(text, sink);
      await finish(sink);
    },
  };
}

type Sink = {
  readonly stdout: Writable;
  readonly closed: AbortSignal;
  failure: Failure | undefined;
  /** Called when there is room again, and when there will never be any. */
  wake: () => void;
};

async function writeRecords(records: AsyncIterable<object>, sink: Sink): Promise<void> {
  const { default: ndjson } = await import('ndjson');
  const encoder = ndjson.stringify() as unknown as Transform;
  encoder.on('data', (line: string) => write(line, sink));
  const encoded = new Promise<void>((resolve) => encoder.once('end', resolve));
  for await (const record of records) {
    if (sink.closed.aborted) continue;
    await new Promise<void>((resolve) => encoder.write(record, () => resolve()));
    if (sink.stdout.writableNeedDrain) await drained(sink);
  }
  encoder.end();
  await encoded;
  await finish(sink);
}

/** Not by ndjson, which takes longer for a record than everything else that is done with it (docs/decisions/0008). */
async function writeBatches(batches: AsyncIterable<readonly object[]>, sink: Sink): Promise<void> {
  for await (const batch of batches) {
    if (sink.closed.aborted || batch.length === 0) continue;
    let text = '';
    for (const record of batch) text += `${JSON.stringify(record)}\n`;
    write(text, sink);
    if (sink.stdout.writableNeedDrain) await drained(sink);
  }
  await finish(sink);
}

function write(text: string, { stdout, closed }: Sink): void {
  if (!closed.aborted) stdout.write(text);
}

function drained(sink: Sink): Promise<void> {
  if (sink.closed.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    sink.wake = resolve;
  });
}

/** Waits until everything is written or cannot be: what comes in between belongs to the exit status. */
async function finish(sink: Sink): Promise<void> {
  if (!sink.closed.aborted) await written(sink);
  // An error is told by an event after the callback of its write.
  await new Promise<void>((resolve) => setImmediate(resolve));
  if (sink.failure !== undefined) throw sink.failure;
}

function written({ stdout, closed }: Sink): Promise<void> {
  return new Promise((resolve) => {
    const end = () => resolve();
    closed.addEventListener('abort', end, { once: true });
    stdout.write('', () => {
      // The signal lives as long as the program: what stayed would pile up with every text.
      closed.removeEventListener('abort', end);
      resolve();
    });
  });
}

function outputFailed(error: unknown): Failure {
  return new Failure(
    exitStatus.inputOutput,
    'output-failed',
    `cannot write standard output: ${messageOf(error)}`,
    {
      cause: error,
      hint: codeOf(error) === 'ENOSPC' ? 'make space and start again' : undefined,
    },
  );
}
