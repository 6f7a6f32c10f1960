/** How soon what is written may be written over: edits are no news, and each costs a request. */
export type Pace = { readonly of: (thread: string) => Edits };

export type Edits = {
  /** Until the next edit may be made, in ms; 0 now. */
  readonly waitMs: () => number;
  /** One was made. */
  readonly made: () => void;
};

/** At most one edit of a pull request's comment and pending status in `editMs`; `clock` in ms, of any beginning. */
export function makePace({ editMs, clock }: { readonly editMs: number; readonly clock: () => number }): Pace {
  const last = new Map<string, number>();
  return {
    of: (thread) => ({
      waitMs: () => Math.max(0, (last.get(thread) ?? Number.NEGATIVE_INFINITY) + editMs - clock()),
      made: () => void last.set(thread, clock()),
    }),
  };
}
