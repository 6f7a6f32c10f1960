import type { Readable } from 'node:stream';
import type { Engine } from './engine.ts';

/** What a container wrote at once to one of its streams. */
export type Frame = { readonly from: 'out' | 'err'; readonly data: Buffer };

/**
 * Takes the engine's stream of a container without terminal apart: frames of 8 bytes (stream number, three zeros,
 * length) and data. With a terminal (`isTty`) the stream is the output itself. What came at once is given at once: a
 * service that says a lot makes millions of frames.
 */
export async function* readFrames(stream: Readable, isTty: boolean): AsyncGenerator<readonly Frame[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (isTty) {
      yield [{ from: 'out', data: chunk }];
      continue;
    }
    const frames: Frame[] = [];
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 8) {
      const end = 8 + rest.readUInt32BE(4);
      if (rest.length < end) break;
      frames.push({ from: rest[0] === 2 ? 'err' : 'out', data: rest.subarray(8, end) });
      rest = rest.subarray(end);
    }
    yield frames;
  }
}

/**
 * The lines of such a stream as they come, without their line ends, each of the two streams for itself; a last line
 * without an end counts.
 */
export async function* linesOfFrames(
  batches: AsyncIterable<readonly Frame[]>,
): AsyncGenerator<readonly string[]> {
  const open = { out: '', err: '' };
  const decoders = { out: new TextDecoder(), err: new TextDecoder() };
  for await (const frames of batches) {
    const whole: string[] = [];
    for (const { from, data } of frames) {
      const lines = (open[from] + decoders[from].decode(data, { stream: true })).split('\n');
      open[from] = cutLine(lines.pop() ?? '');
      for (const line of lines) whole.push(cutLine(line).replace(/\r$/, ''));
    }
    yield whole;
  }
  yield [open.out, open.err].filter((line) => line !== '');
}

/** The last lines that a container wrote; empty where its log cannot be read. */
export async function tailOfContainer(engine: Engine, container: string, lines: number): Promise<string[]> {
  try {
    const { Config } = await engine.json<{ Config: { Tty?: boolean } }>(
      'GET',
      `/containers/${container}/json`,
    );
    const query = `stdout=1&stderr=1&tail=${lines}`;
    const stream = await engine.stream('GET', `/containers/${container}/logs?${query}`, undefined, {
      timeoutMs: 10_000,
    });
    const all: string[] = [];
    for await (const some of linesOfFrames(readFrames(stream, Config.Tty === true))) all.push(...some);
    return all.slice(-lines);
  } catch {
    return [];
  }
}

/** A line without end must not fill our memory. */
function cutLine(line: string): string {
  return line.length > 64 * 1024 ? line.slice(0, 64 * 1024) : line;
}
