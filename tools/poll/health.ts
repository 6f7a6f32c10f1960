import type { SourceHealth, Ticks } from '@ccci/lib/records/tick.ts';

/** How one poll of a source went. */
export type Checkup = {
  readonly at: Date;
  /** Everything was read and judged. */
  readonly isGood: boolean;
  /** What went wrong. */
  readonly says: string | null;
};

/** The health of all sources after one of them was polled; the others keep theirs. Pure. */
export function noteHealth(ticks: Ticks, source: string, { at, isGood, says }: Checkup): Ticks {
  const before: SourceHealth | undefined = ticks[source];
  const instant = at.toISOString();
  const health = isGood
    ? { at: instant, good: instant, failures: 0, says: null }
    : { at: instant, good: before?.good ?? null, failures: (before?.failures ?? 0) + 1, says };
  return { ...ticks, [source]: health };
}
