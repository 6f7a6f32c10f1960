import { exitStatus, Failure } from './failure.ts';
import type { ProgramIo } from './run.ts';

/** How long input may last after the first signal, so that last words from upstream arrive (records.md, rule 5). */
const lastWordsMs = 30_000;

/** Aborts, with a `Failure` as reason, when reading is to end: nobody listens any more, or a while after the first signal. */
export function endOfInput({ output, stopping }: Pick<ProgramIo, 'output' | 'stopping'>): AbortSignal {
  const ending = new AbortController();
  const end = () =>
    ending.abort(new Failure(exitStatus.leftOver, 'ended', 'not done: the program was ended'));
  if (output.closed.aborted) end();
  output.closed.addEventListener('abort', end, { once: true });
  const endSoon = () => void setTimeout(end, lastWordsMs).unref();
  if (stopping.aborted) endSoon();
  stopping.addEventListener('abort', endSoon, { once: true });
  return ending.signal;
}

/** The items of a source until it ends or the signal aborts, even while the source is silent. */
export async function* until<Item>(source: AsyncIterable<Item>, ending: AbortSignal): AsyncGenerator<Item> {
  const iterator = source[Symbol.asyncIterator]();
  for (;;) {
    const next = await orEnding(iterator.next(), ending);
    if (next === null || next.done === true) return;
    yield next.value;
  }
}

function orEnding<Value>(pending: Promise<Value>, ending: AbortSignal): Promise<Value | null> {
  return new Promise((resolve, reject) => {
    const end = () => resolve(null);
    if (ending.aborted) end();
    ending.addEventListener('abort', end, { once: true });
    pending.then(resolve, reject).finally(() => ending.removeEventListener('abort', end));
  });
}
