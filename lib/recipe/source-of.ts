import {
  type Document,
  isAlias,
  isScalar,
  isSeq,
  isMap as isYamlMap,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { expandText } from './env-file.ts';

export type SourceFile = { readonly name: string; readonly text: string };
export type Source = { readonly file: string; readonly line: number };

const sections: Readonly<Record<string, string>> = {
  service: 'services',
  volume: 'volumes',
  network: 'networks',
  config: 'configs',
  secret: 'secrets',
};

/**
 * A finder of policy paths (`service.app.cap_add`) in the compose files as they were written; made for `judgePolicy`.
 *
 * The deepest key that can be followed wins, later files before earlier ones; null where not even the first is there.
 * Anchors and merged maps are followed to where they are written. Lists are followed by their text, so that
 * `- "traefik.enable=true"` is found too; `env` stands for its variables.
 */
export function makeSourceOf(
  files: readonly SourceFile[],
  env: Readonly<Record<string, string>> = {},
): (path: string) => Source | null {
  const documents = files.map(({ name, text }) => {
    const lines = new LineCounter();
    return { name, lines, document: parseDocument(text, { lineCounter: lines, merge: true }) };
  });
  return (path) => {
    const [head = '', ...rest] = path.split('.');
    const parts = head === 'stack' ? rest : [sections[head] ?? head, ...rest];
    let best: (Source & { readonly depth: number }) | null = null;
    for (const { name, lines, document } of documents) {
      const found = follow(document.contents, parts, { document, env, depth: 0, jumps: { left: mostJumps } });
      // One step is the section itself: as good as nothing.
      if (found === null || found.depth < Math.min(2, parts.length) || found.depth < (best?.depth ?? 0))
        continue;
      best = { file: name, line: lines.linePos(found.offset).line, depth: found.depth };
    }
    return best === null ? null : { file: best.file, line: best.line };
  };
}

type Found = { readonly offset: number; readonly depth: number };
type Place = {
  readonly document: Document;
  readonly env: Readonly<Record<string, string>>;
  readonly depth: number;
  readonly jumps: { left: number };
};

/** Aliases that are followed for one path: they can hold one another, many times over. */
const mostJumps = 100;

/** Keys may hold dots (labels), so the longest run of parts that is a key is taken. */
function follow(node: unknown, parts: readonly string[], place: Place): Found | null {
  if (parts.length === 0) return null;
  if (isAlias(node)) {
    place.jumps.left -= 1;
    return place.jumps.left < 0 ? null : follow(node.resolve(place.document), parts, place);
  }
  if (isSeq(node)) return followList(node.items, parts, place);
  if (!isYamlMap(node)) return null;
  const own = followKeys(node, parts, place);
  if (own !== null && own.depth > place.depth + 1) return own;
  return deeper(own, followMerged(node, parts, place));
}

function followKeys(map: YAMLMap, parts: readonly string[], place: Place): Found | null {
  for (let length = parts.length; length > 0; length--) {
    const key = parts.slice(0, length).join('.');
    const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    if (pair === undefined) continue;
    const own = { offset: offsetOf(pair.key), depth: place.depth + length };
    return follow(pair.value, parts.slice(length), { ...place, depth: own.depth }) ?? own;
  }
  return null;
}

/** `<<: *common`, or a list of such. */
function followMerged(map: YAMLMap, parts: readonly string[], place: Place): Found | null {
  const merged = map.items.filter((item) => isScalar(item.key) && item.key.source === '<<');
  const sources = merged.flatMap(({ value }) => (isSeq(value) ? value.items : [value]));
  let best: Found | null = null;
  for (const source of sources) best = deeper(best, follow(source, parts, place));
  return best;
}

function deeper(a: Found | null, b: Found | null): Found | null {
  return b !== null && b.depth > (a?.depth ?? -1) ? b : a;
}

function followList(
  items: readonly unknown[],
  parts: readonly string[],
  { env, depth }: Place,
): Found | null {
  const wanted = parts.join('.');
  // The path of a mount ends in its target; what stands before it may be written otherwise (`./conf`).
  const target = /:(\/[^:]*)$/.exec(wanted)?.[1];
  const item = items.find((candidate) => {
    if (isYamlMap(candidate)) {
      const [source, at] = [candidate.get('source'), candidate.get('target')].map((one) => expand(one, env));
      return (at !== '' && at === target) || (source !== '' && wanted.startsWith(`${source}.`));
    }
    const text = isScalar(candidate) ? expand(candidate.value, env) : '';
    const isMount = target !== undefined && (text === target || text.split(':')[1] === target);
    return text === wanted || text.startsWith(`${wanted}=`) || text.startsWith(`${wanted}:`) || isMount;
  });
  return item === undefined ? null : { offset: offsetOf(item), depth: depth + parts.length };
}

/** As the client interpolates it; a text that cannot be expanded was refused before. */
function expand(value: unknown, env: Place['env']): string {
  const text = value === undefined || value === null ? '' : String(value);
  try {
    return expandText(text, env);
  } catch {
    return text;
  }
}

function offsetOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}
