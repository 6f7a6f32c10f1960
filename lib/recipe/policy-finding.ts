import { visible } from '../program/visible.ts';
import { isMap } from './compose.ts';

/** What the policy has to know of the run. */
export type PolicyContext = {
  readonly stackName: string;
  /** The run's own network; the shared `proxy` is known besides. */
  readonly network: string;
  /** The run's domain; Traefik rules may name it and what is below it. Without it rules are not judged. */
  readonly domain?: string;
  /** Absolute folders that files of configs and secrets may lie in: checkout, operator's tests. Any where it is not given. */
  readonly folders?: readonly string[];
};

/** Something that is not on the list of the harmless. */
export type Finding = { readonly path: string; readonly value: unknown; readonly rule: string };

/** Whether a key is an extension of compose, which the client leaves out of what it deploys. */
export function isExtension(key: string): boolean {
  return key.startsWith('x-');
}

/** A finding for each key of a map that is not on the list. */
export function* unknownKeys(
  path: string,
  value: unknown,
  known: readonly string[],
  rules: Readonly<Record<string, string>> = {},
): Generator<Finding> {
  if (value === null || value === undefined) return;
  if (!isMap(value)) {
    yield { path, value, rule: 'a map is expected here' };
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (known.includes(key) || isExtension(key) || inner === undefined) continue;
    yield {
      path: `${path}.${key}`,
      value: inner,
      rule:
        (Object.hasOwn(rules, key) ? rules[key] : undefined) ?? 'this key is not on the list of the harmless',
    };
  }
}

/** A value in one line of at most 120 characters, control characters made visible. */
export function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const line = visible(text.replaceAll(/\s+/g, ' '));
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
