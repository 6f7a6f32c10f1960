/**
 * Why a run ended before it was through. `given-back` is a stop of the service: the run is to be taken up again;
 * `over-time` and `over-quota` are the run's own limits: the present stage fails.
 */
export type Ended = {
  readonly verdict: 'cancelled' | 'superseded' | 'interrupted' | 'given-back' | 'over-time' | 'over-quota';
  readonly why: string;
};

/** What ended a run, if its signal was aborted; anything but an `Ended` as reason counts as interrupted. */
export function endedBy(signal: AbortSignal): Ended | null {
  if (!signal.aborted) return null;
  const reason = signal.reason as Partial<Ended> | undefined;
  if (typeof reason?.verdict === 'string' && typeof reason.why === 'string') return reason as Ended;
  return { verdict: 'interrupted', why: String(signal.reason) };
}

/** Whether a run met a limit of its own: then the stage that is at work fails, and nobody ended it. */
export function isOverLimit({ verdict }: Ended): boolean {
  return verdict === 'over-time' || verdict === 'over-quota';
}

/** What a person, a newer trigger or a lost machine decided about a run, and not the run itself. */
export function endedFromOutside(
  ended: Ended | null,
): (Ended & { readonly verdict: 'cancelled' | 'superseded' | 'interrupted' }) | null {
  if (ended === null || ended.verdict === 'given-back' || isOverLimit(ended)) return null;
  return { verdict: ended.verdict as 'cancelled' | 'superseded' | 'interrupted', why: ended.why };
}
