import type { IncomingMessage } from 'node:http';
import { type Frame, linesOfFrames, readFrames } from './container-log.ts';
import type { Engine } from './engine.ts';

/**
 * The lines of a container's log from its beginning until it ends. The engine's own following may stop before the
 * last lines of a container that dies at once; they are read again from the log, so that none is missing.
 */
export async function* followContainer(
  engine: Engine,
  container: string,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const { Config } = await engine.json<{ Config: { Tty?: boolean } }>(
    'GET',
    `/containers/${container}/json`,
    undefined,
    { signal },
  );
  const open = (more: string) => openLog(engine, container, more, signal);
  if (Config.Tty === true) yield* linesOfFrames(readFrames(await open('follow=1'), true));
  else yield* linesOfFrames(allFrames(open));
}

async function* allFrames(
  open: (more: string) => Promise<IncomingMessage>,
): AsyncGenerator<readonly Frame[]> {
  let last = '';
  for await (const stamped of readStamped(await open('follow=1&timestamps=1'))) {
    last = stamped.at(-1)?.at ?? last;
    yield stamped;
  }
  const since = last === '' ? '' : `&since=${Math.floor(Date.parse(last) / 1000)}`;
  for await (const stamped of readStamped(await open(`timestamps=1${since}`)))
    yield stamped.filter(({ at }) => at > last);
}

type Stamped = Frame & { readonly at: string };

/** Takes the engine's time off the frames: always of the same length and zone, so that it can be compared as text. */
async function* readStamped(stream: IncomingMessage): AsyncGenerator<readonly Stamped[]> {
  for await (const frames of readFrames(stream, false)) {
    yield frames.map(({ from, data }) => {
      const end = data.indexOf(' ');
      return { at: data.subarray(0, end).toString('latin1'), from, data: data.subarray(end + 1) };
    });
  }
}

function openLog(
  engine: Engine,
  container: string,
  more: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return engine.stream('GET', `/containers/${container}/logs?stdout=1&stderr=1&${more}`, undefined, {
    signal,
  });
}
