import { parse } from 'yaml';
import { exitStatus, Failure, messageOf } from '../program/failure.ts';
import { isMap, type Stack } from '../recipe/compose.ts';

export type ComposeFile = { readonly name: string; readonly text: string };

/**
 * The merge of compose files as they are written, not interpolated: what the linter reads (coopcloud.md).
 *
 * Maps are merged, labels and environment from lists become maps, other values of a later file replace.
 * @throws Failure `bad-compose` naming the file that is no YAML map.
 */
export function mergeCompose(files: readonly ComposeFile[]): Stack {
  const merged = files.map(read).reduce<Record<string, unknown>>(merge, {});
  const services = isMap(merged.services) ? merged.services : {};
  return { ...merged, services } as Stack;
}

function read({ name, text }: ComposeFile): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(text, { merge: true });
  } catch (error) {
    const [words = ''] = messageOf(error).split('\n');
    const firstLine = /call stack/i.test(words) ? 'it is nested too deep to be read' : words;
    throw new Failure(exitStatus.badInput, 'bad-compose', `${name}: ${firstLine}`, { cause: error });
  }
  if (value === null || value === undefined) return {};
  if (!isMap(value)) throw new Failure(exitStatus.badInput, 'bad-compose', `${name}: a map is expected`);
  return normalize(value) as Record<string, unknown>;
}

function normalize(value: unknown, key?: string): unknown {
  if (Array.isArray(value)) return key === 'labels' || key === 'environment' ? fromPairs(value) : value;
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([inner, item]) => [inner, normalize(item, inner)]));
}

function fromPairs(pairs: readonly unknown[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const text = String(pair);
      const split = text.indexOf('=');
      return split < 0 ? [text, ''] : [text.slice(0, split), text.slice(split + 1)];
    }),
  );
}

function merge(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = Object.hasOwn(merged, key) ? merged[key] : undefined;
    if (value === null && isMap(before)) continue;
    merged[key] = isMap(before) && isMap(value) ? merge(before, value) : value;
  }
  return merged;
}
