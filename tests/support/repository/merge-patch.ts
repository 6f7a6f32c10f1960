import { parse, stringify } from 'yaml';

/** As the engine's client reads it: `0555` is octal. */
const version = '1.1';

/**
 * Applies a JSON Merge Patch (RFC 7386), written in YAML: maps are merged, `null` takes a key away, all else replaces.
 * One thing more: a map that is laid over a list of `KEY=value` (labels, environment) changes that list, which stays one:
 * the engine's client fills in variables in the items of a list, and in the keys of a map it does not.
 * Comments and anchors of the text do not outlive it.
 */
export function mergePatch(text: string, patch: string): string {
  return stringify(merge(parse(text, { version, merge: true }), parse(patch, { version })), { version });
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const merged: Record<string, unknown> = isPairs(target)
    ? mapOf(target)
    : isMap(target)
      ? { ...target }
      : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  const isFlat = Object.values(merged).every((value) => typeof value !== 'object' || value === null);
  return isPairs(target) && isFlat ? pairsOf(merged) : merged;
}

function isPairs(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** A name alone stands for the value of that variable. */
function mapOf(pairs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((item) => {
      const [key = '', ...rest] = item.split('=');
      return [key, item.includes('=') ? rest.join('=') : null];
    }),
  );
}

function pairsOf(map: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(map).map(([key, value]) => (value === null ? key : `${key}=${value}`));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
