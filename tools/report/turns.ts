/** One request in flight per pull request (triggers.md, step 12): work on the same one is done one after the other. */
export type Turns = <Value>(thread: string, work: () => Promise<Value>) => Promise<Value>;

export function makeTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return async (thread, work) => {
    const turn = (last.get(thread) ?? Promise.resolve()).then(work, work);
    last.set(thread, turn);
    try {
      return await turn;
    } finally {
      if (last.get(thread) === turn) last.delete(thread);
    }
  };
}
