import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { codeOf, exitStatus, Failure, messageOf } from './failure.ts';

export type Output = {
  /**
   * Writes records to standard output as newline-delimited JSON, in order, with the pipe's backpressure.
   * A reader that leaves is no error: `closed` aborts, and the records are read to their end, unwritten.
   */
  readonly records: (records: AsyncIterable<object>) => Promise<void>;
  /** Writes text to standard output. */
  readonly text: (text: string) => Promise<void>;
  /** Aborted when the reader of standard output has left (EPIPE). */
  readonly closed: AbortSignal;
};

/** Standard output as records or text; any error but EPIPE is a `Failure` with status 74. */
export function makeOutput(stdout: NodeJS.WritableStream): Output {
  const closing = new AbortController();
  stdout.on('error', (error) => {
    if (codeOf(error) === 'EPIPE') closing.abort('EPIPE');
  });
  return {
    closed: closing.signal,
    records: (records) => writeRecords(records, stdout, closing),
    text: (text) => writeText(text, stdout, closing),
  };
}

async function writeRecords(
  records: AsyncIterable<object>,
  stdout: NodeJS.WritableStream,
  closing: AbortController,
): Promise<void> {
  const { default: ndjson } = await import('ndjson');
  const encoder = ndjson.stringify() as unknown as Transform;
  const written = pipeline(encoder, stdout, { end: false }).catch((error) => noteClosed(error, closing));
  for await (const record of records) {
    if (closing.signal.aborted) continue;
    if (!encoder.write(record)) await drained(encoder, closing.signal);
  }
  encoder.end();
  await written;
}

function drained(stream: Transform, closed: AbortSignal): Promise<void> {
  if (closed.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('drain', resolve);
    closed.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function writeText(text: string, stdout: NodeJS.WritableStream, closing: AbortController): Promise<void> {
  if (closing.signal.aborted) return;
  await pipeline(Readable.from([text]), stdout, { end: false }).catch((error) => noteClosed(error, closing));
}

function noteClosed(error: unknown, closing: AbortController): void {
  if (codeOf(error) === 'EPIPE' || codeOf(error) === 'ERR_STREAM_PREMATURE_CLOSE') {
    closing.abort('EPIPE');
    return;
  }
  throw new Failure(exitStatus.inputOutput, 'output-failed', `cannot write standard output: ${messageOf(error)}`, {
    cause: error,
  });
}
