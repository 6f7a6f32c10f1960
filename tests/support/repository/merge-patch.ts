import { parse, stringify } from 'yaml';

/** As the engine's client reads it: `0555` is octal. */
const version = '1.1';

/**
 * Applies a JSON Merge Patch (RFC 7386), written in YAML: maps are merged, `null` takes a key away, all else replaces.
 * One thing more: a map that is laid over a list of `KEY=value` (labels, environment) makes a map of that list first.
 * Comments and anchors of the text do not outlive it.
 */
export function mergePatch(text: string, patch: string): string {
  return stringify(merge(parse(text, { version, merge: true }), parse(patch, { version })), { version });
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const merged: Record<string, unknown> = { ...asMap(target) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}

function asMap(value: unknown): Record<string, unknown> {
  if (isMap(value)) return value;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) return {};
  return Object.fromEntries(
    value.map((item: string) => {
      const [key = '', ...rest] = item.split('=');
      return [key, item.includes('=') ? rest.join('=') : null];
    }),
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
