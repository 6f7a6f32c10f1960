/** A bounded queue between writers and one reader: a full one makes writers wait, so a slow reader costs no memory. */
export type Channel<Item> = {
  /** Waits while the queue is full; once the channel has ended, an item goes nowhere. */
  readonly push: (item: Item) => Promise<void>;
  /** No more items come; the reader ends after those that are there, waiting ones included. */
  readonly end: () => void;
  /** Makes the reader throw, after the items that are there. */
  readonly fail: (error: unknown) => void;
  /** For one reader; when it leaves, writers wait no longer. */
  readonly items: () => AsyncGenerator<Item>;
};

export function makeChannel<Item>(capacity = 64): Channel<Item> {
  const state: State<Item> = {
    items: [],
    writers: [],
    ended: false,
    failure: undefined,
    wakeReader: () => {},
  };
  const end = () => {
    state.ended = true;
    state.wakeReader();
  };
  return {
    push: async (item) => {
      if (state.ended) return;
      if (state.items.length >= capacity) {
        await new Promise<void>((resolve) => state.writers.push({ item, resolve }));
        return;
      }
      state.items.push(item);
      state.wakeReader();
    },
    end,
    fail: (error) => {
      state.failure ??= { error };
      end();
    },
    items: () => read(state),
  };
}

type State<Item> = {
  readonly items: Item[];
  /** Those for whose items there is no room yet, in order. */
  readonly writers: { readonly item: Item; readonly resolve: () => void }[];
  ended: boolean;
  failure: { readonly error: unknown } | undefined;
  wakeReader: () => void;
};

async function* read<Item>(state: State<Item>): AsyncGenerator<Item> {
  try {
    while (true) {
      while (state.items.length > 0) yield take(state);
      if (state.failure !== undefined) throw state.failure.error;
      if (state.ended) return;
      await new Promise<void>((resolve) => {
        state.wakeReader = resolve;
      });
    }
  } finally {
    state.ended = true;
    for (const { resolve } of state.writers.splice(0)) resolve();
  }
}

/** The oldest item; its place goes to the writer that has waited longest. */
function take<Item>(state: State<Item>): Item {
  const item = state.items.shift() as Item;
  const writer = state.writers.shift();
  if (writer !== undefined) {
    state.items.push(writer.item);
    writer.resolve();
  }
  return item;
}
