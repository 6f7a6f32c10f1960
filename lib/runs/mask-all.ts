import type { Masker } from './mask.ts';

/** The same value with every text in it masked; keys are ours, and stay. */
export function maskAll<Value>(value: Value, masker: Pick<Masker, 'mask'>): Value {
  return masked(value, masker) as Value;
}

function masked(value: unknown, masker: Pick<Masker, 'mask'>): unknown {
  if (typeof value === 'string') return masker.mask(value);
  if (Array.isArray(value)) return value.map((one) => masked(one, masker));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, masked(one, masker)]));
}
