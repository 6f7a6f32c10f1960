/** Longest back-off, and the longest wait that a server is obeyed in. */
const backOffMs = 30_000;
const obeyedMs = 900_000;

/** When a source that failed is asked again; in milliseconds of our clock. */
export type Pace = { readonly failures: number; readonly notBefore: number };

export const steady: Pace = { failures: 0, notBefore: 0 };

/** Doubles with each failure, up to 30 s; longer only when the server says so (`Retry-After`). Pure. */
export function slower(
  { failures }: Pace,
  {
    now,
    intervalMs,
    retryAfterMs,
  }: { readonly now: number; readonly intervalMs: number; readonly retryAfterMs: number | null },
): Pace {
  const backOff = Math.min(backOffMs, intervalMs * 2 ** Math.min(failures, 20));
  const asked = Math.min(retryAfterMs ?? 0, obeyedMs);
  return { failures: failures + 1, notBefore: now + Math.max(backOff, asked) };
}

/** The interval with ±10 % of jitter, so that many pollers do not fall into step; `random` is in [0, 1). */
export function jittered(intervalMs: number, random: () => number): number {
  return Math.round(intervalMs * (0.9 + 0.2 * random()));
}
