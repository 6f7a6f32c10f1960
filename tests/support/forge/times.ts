/** Instants as Gitea writes and reads them. */
import { type Answer, problem } from './answers.ts';
import type { Store } from './store.ts';

/** Go's zero time, which Gitea sends where there is none. */
export const zeroTime = '0001-01-01T00:00:00Z';

/** RFC 3339 in whole seconds in the forge's time zone: `Z` or an offset such as `+02:00`. */
export function instant(store: Store, seconds: number): string {
  const offset = store.utcOffsetMinutes;
  const local = new Date((seconds + offset * 60) * 1000).toISOString().slice(0, 19);
  if (offset === 0) return `${local}Z`;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
}

/** Both ends of a query's window in whole seconds, both inclusive. */
export type Window = { readonly since: number; readonly before: number };

/** Reads `since` and `before`; fractions are cut off, anything but RFC 3339 is a 422. */
export function readWindow(query: URLSearchParams): Window | Answer {
  const since = seconds(query.get('since'), 0);
  const before = seconds(query.get('before'), Number.POSITIVE_INFINITY);
  if (typeof since === 'number' && typeof before === 'number') return { since, before };
  const bad = typeof since === 'string' ? since : String(before);
  return problem(
    422,
    `parsing time "${bad}" as "2006-01-02T15:04:05Z07:00": cannot parse "${bad}" as "2006"`,
  );
}

/** True when the time of an update lies in the window. */
export function isWithin(window: Window, updatedAt: number): boolean {
  return updatedAt >= window.since && updatedAt <= window.before;
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function seconds(text: string | null, absent: number): number | string {
  if (text === null || text === '') return absent;
  const parsed = rfc3339.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(parsed) ? text : Math.floor(parsed / 1000);
}
