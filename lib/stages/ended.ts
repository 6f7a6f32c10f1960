/**
 * Why a run ended before it was through. `given-back` is a stop of the service: the run is to be taken up again;
 * `over-time` is the run's own limit: the present stage fails.
 */
export type Ended = {
  readonly verdict: 'cancelled' | 'superseded' | 'interrupted' | 'given-back' | 'over-time';
  readonly why: string;
};

/** What ended a run, if its signal was aborted; anything but an `Ended` as reason counts as interrupted. */
export function endedBy(signal: AbortSignal): Ended | null {
  if (!signal.aborted) return null;
  const reason = signal.reason as Partial<Ended> | undefined;
  if (typeof reason?.verdict === 'string' && typeof reason.why === 'string') return reason as Ended;
  return { verdict: 'interrupted', why: String(signal.reason) };
}

/** What a person, a newer trigger or a lost machine decided about a run, and not the run itself. */
export function endedFromOutside(
  ended: Ended | null,
): (Ended & { readonly verdict: 'cancelled' | 'superseded' | 'interrupted' }) | null {
  if (ended === null || ended.verdict === 'given-back' || ended.verdict === 'over-time') return null;
  return { verdict: ended.verdict, why: ended.why };
}
