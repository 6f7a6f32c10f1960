import { visible } from '../../program/visible.ts';

/** So many values of one object are shown; the rest is in `results.json`. */
const limit = 200;

export type Flat = { readonly name: string; readonly value: string };

/** Values of nested objects with the path that leads to each: `health.path` is `/`. Lists of plain values stay one. Pure. */
export function flatten(record: Readonly<Record<string, unknown>>): Flat[] {
  const found: Flat[] = [];
  for (const [name, value] of Object.entries(record)) walk(name, value, found);
  return found;
}

function walk(path: string, value: unknown, found: Flat[]): void {
  if (found.length >= limit) return;
  if (isObject(value) && Object.keys(value).length > 0) {
    for (const [name, inner] of Object.entries(value)) walk(`${path}.${name}`, inner, found);
  } else if (Array.isArray(value) && value.some((one) => typeof one === 'object' && one !== null)) {
    for (const [index, inner] of value.entries()) walk(`${path}[${index}]`, inner, found);
  } else found.push({ name: path, value: words(value) });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function words(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(words).join(', ');
  if (typeof value === 'object') return 'none';
  return visible(String(value));
}
