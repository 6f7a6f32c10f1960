import { setImmediate } from 'node:timers/promises';

export type BurstOptions = {
  /** At most so many items at once. */
  readonly limit: number;
  /** Ends the bursts, even while the source is silent; what has not come by then is left. */
  readonly ending: AbortSignal;
};

/** Groups what is there at once, in order, without waiting for more: items that came together can share an fsync. */
export async function* bursts<Item>(
  source: AsyncIterable<Item>,
  { limit, ending }: BurstOptions,
): AsyncGenerator<readonly Item[]> {
  const iterator = source[Symbol.asyncIterator]();
  let pending = ask(iterator);
  for (;;) {
    const first = await orEnding(pending, ending);
    if (first === 'ending' || first.done === true) return;
    const burst = [first.value];
    const later = setImmediate('later' as const);
    pending = ask(iterator);
    while (burst.length < limit) {
      const more = await Promise.race([pending, later]);
      if (more === 'later' || more.done === true) break;
      burst.push(more.value);
      pending = ask(iterator);
    }
    yield burst;
  }
}

/** An error of the source is met when its item is awaited, not while nobody looks. */
function ask<Item>(iterator: AsyncIterator<Item>): Promise<IteratorResult<Item>> {
  const result = iterator.next();
  result.catch(() => {});
  return result;
}

/** Not `Promise.race` with one long promise: that would keep every item of a program that runs for months. */
function orEnding<Value>(pending: Promise<Value>, ending: AbortSignal): Promise<Value | 'ending'> {
  return new Promise((resolve, reject) => {
    const end = () => resolve('ending');
    if (ending.aborted) return end();
    ending.addEventListener('abort', end, { once: true });
    pending.then(resolve, reject).finally(() => ending.removeEventListener('abort', end));
  });
}
