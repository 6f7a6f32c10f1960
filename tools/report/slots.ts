/** Lets so many pieces of work run at a time, in the order in which they came; `isUrgent` goes before those that wait. */
export type Slots = <Value>(work: () => Promise<Value>, isUrgent?: boolean) => Promise<Value>;

export function makeSlots(count: number): Slots {
  let free = count;
  const urgent: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  return async (work, isUrgent = false) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => (isUrgent ? urgent : waiting).push(resolve));
    try {
      return await work();
    } finally {
      const next = urgent.shift() ?? waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
