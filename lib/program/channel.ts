/** A bounded queue between writers and one reader: a full one makes writers wait, so a slow reader costs no memory. */
export type Channel<Item> = {
  readonly push: (item: Item) => Promise<void>;
  /** No more items come; the reader ends after those that are there. */
  readonly end: () => void;
  /** Makes the reader throw, after the items that are there. */
  readonly fail: (error: unknown) => void;
  readonly items: () => AsyncGenerator<Item>;
};

export function makeChannel<Item>(capacity = 64): Channel<Item> {
  const waiting: Item[] = [];
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  let wakeReader = () => {};
  const wakeWriters: (() => void)[] = [];
  return {
    push: async (item) => {
      while (waiting.length >= capacity && !ended) {
        await new Promise<void>((resolve) => wakeWriters.push(resolve));
      }
      if (ended) return;
      waiting.push(item);
      wakeReader();
    },
    end: () => {
      ended = true;
      wakeReader();
    },
    fail: (error) => {
      failure ??= { error };
      ended = true;
      wakeReader();
    },
    items: async function* () {
      while (true) {
        while (waiting.length > 0) {
          yield waiting.shift() as Item;
          wakeWriters.shift()?.();
        }
        if (failure !== undefined) throw failure.error;
        if (ended) return;
        await new Promise<void>((resolve) => {
          wakeReader = resolve;
        });
      }
    },
  };
}
