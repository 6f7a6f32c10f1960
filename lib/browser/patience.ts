/** How long each part of taking a picture may last, all of them shares of the whole: a slow machine is given more of each. */
export type Patience = {
  readonly leftMs: () => number;
  /** Until the page has come. */
  readonly loadMs: number;
  /** Until it lets itself be read. */
  readonly lookMs: number;
  /** Until a page that is never at rest is taken as it is. */
  readonly restlessMs: number;
  /** Until a page that stays blank is. */
  readonly blankMs: number;
};

/** Shares out a time limit that begins now; `now` in ms. */
export function patience(limitMs: number, now: () => number): Patience {
  const startedAt = now();
  const share = (part: number) => Math.max(1, Math.round(limitMs * part));
  return {
    leftMs: () => limitMs - (now() - startedAt),
    ...{ loadMs: share(0.4), lookMs: share(0.2), restlessMs: share(0.2), blankMs: share(0.3) },
  };
}
