/** Why a run ended before it was through; `given-back` is a stop of the service: the run is to be taken up again. */
export type Ended = {
  readonly verdict: 'cancelled' | 'superseded' | 'interrupted' | 'given-back';
  readonly why: string;
};

/** What ended a run, if its signal was aborted; anything but an `Ended` as reason counts as interrupted. */
export function endedBy(signal: AbortSignal): Ended | null {
  if (!signal.aborted) return null;
  const reason = signal.reason as Partial<Ended> | undefined;
  if (typeof reason?.verdict === 'string' && typeof reason.why === 'string') return reason as Ended;
  return { verdict: 'interrupted', why: String(signal.reason) };
}
