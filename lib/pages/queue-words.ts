import type { Queued } from '../records/queued.ts';

/** Steps of what is said: coarse, so that a comment is not written again for each minute that passes. */
const places = [1_000, 500, 200, 100, 50, 20];
const minutes = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50];
const hours = [1, 2, 3, 4, 6, 8, 12, 24];
const hourMs = 3_600_000;

/** `place 3 in the queue, about 12 minutes`; of what nobody can tell, nothing is said. */
export function queueWords({ place, etaMs }: Pick<Queued, 'place' | 'etaMs'>): string {
  const estimate = etaMs !== null && etaMs > 0 ? [aboutWords(etaMs)] : [];
  return [placeWords(place), ...estimate].join(', ');
}

function placeWords(place: number): string {
  const step = places.find((one) => place >= one);
  return step === undefined ? `place ${place} in the queue` : `place ${step} or later in the queue`;
}

/** `about 6 minutes`: coarse, so that two estimates of the same thing read the same. */
export function aboutWords(ms: number): string {
  const inMinutes = nearest(minutes, ms / 60_000);
  if (ms < hourMs * 0.9) return inMinutes === 1 ? 'about a minute' : `about ${inMinutes} minutes`;
  if (ms > hourMs * 30) return 'more than a day';
  const inHours = nearest(hours, ms / hourMs);
  return inHours === 1 ? 'about an hour' : `about ${inHours} hours`;
}

function nearest(steps: readonly number[], value: number): number {
  return steps.reduce((best, step) => (Math.abs(step - value) < Math.abs(best - value) ? step : best));
}
