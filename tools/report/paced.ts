/** Work that is done soon after it was asked for, at most once in so many ms however often it is asked for. */
export type Paced = {
  readonly wake: () => void;
  /** Does at once what was asked for and is not done; from then on nothing more. */
  readonly stop: () => Promise<void>;
};

export type PacedOptions = {
  readonly ms: number;
  /** Waits so long, or until the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
};

export function makePaced(work: () => Promise<void>, { ms, pause }: PacedOptions): Paced {
  const stopping = new AbortController();
  let isDue = false;
  let going: Promise<void> | null = null;
  const go = async () => {
    while (isDue) {
      isDue = false;
      await work();
      if (!stopping.signal.aborted) await pause(ms, stopping.signal);
    }
    going = null;
  };
  return {
    wake: () => {
      if (stopping.signal.aborted) return;
      isDue = true;
      going ??= go();
    },
    stop: async () => {
      stopping.abort();
      await going;
    },
  };
}
