/** How soon what is written may be written over: edits are no news, and each costs a request. */
export type Pace = { readonly of: (thread: string) => Edits };

export type Edits = {
  /** Until the next edit may be made, in ms; 0 now. */
  readonly waitMs: () => number;
  /** One was made. */
  readonly made: () => void;
  /**
   * Until what is known of a run that has only begun, or of a trigger that was only heard, is worth an edit, in ms: soon
   * there is more to tell, of what waits too.
   */
  readonly earlyMs: (run: string) => number;
};

export type PaceOptions = {
  readonly editMs: number;
  /** How long an edit waits for lint and policy at most; 0 never. */
  readonly earlyMs: number;
  /** In ms, of any beginning. */
  readonly clock: () => number;
};

/** How often it is looked whether lint and policy are through. */
const stepMs = 1_000;

/** At most one edit of a pull request's comment and pending status in `editMs`. */
export function makePace({ editMs, earlyMs, clock }: PaceOptions): Pace {
  const last = new Map<string, number>();
  const first = new Map<string, { readonly run: string; readonly at: number }>();
  return {
    of: (thread) => ({
      waitMs: () => Math.max(0, (last.get(thread) ?? Number.NEGATIVE_INFINITY) + editMs - clock()),
      made: () => void last.set(thread, clock()),
      earlyMs: (run) => {
        const known = first.get(thread);
        const at = known?.run === run ? known.at : clock();
        first.set(thread, { run, at });
        return Math.max(0, Math.min(stepMs, at + earlyMs - clock()));
      },
    }),
  };
}
