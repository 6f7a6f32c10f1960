import { isScalar, isSeq, isMap as isYamlMap, LineCounter, type Node, parseDocument } from 'yaml';

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
 * Lists are followed by their text, so that `- "traefik.enable=true"` is found too.
 */
export function makeSourceOf(files: readonly SourceFile[]): (path: string) => Source | null {
  const documents = files.map(({ name, text }) => {
    const lines = new LineCounter();
    return { name, lines, root: parseDocument(text, { lineCounter: lines, merge: true }).contents };
  });
  return (path) => {
    const [head = '', ...rest] = path.split('.');
    const parts = head === 'stack' ? rest : [sections[head] ?? head, ...rest];
    let best: (Source & { readonly depth: number }) | null = null;
    for (const { name, lines, root } of documents) {
      const found = follow(root, parts, 0);
      // One step is the section itself: as good as nothing.
      if (found === null || found.depth < Math.min(2, parts.length) || found.depth < (best?.depth ?? 0))
        continue;
      best = { file: name, line: lines.linePos(found.offset).line, depth: found.depth };
    }
    return best === null ? null : { file: best.file, line: best.line };
  };
}

type Found = { readonly offset: number; readonly depth: number };

/** Keys may hold dots (labels), so the longest run of parts that is a key is taken. */
function follow(node: unknown, parts: readonly string[], depth: number): Found | null {
  if (parts.length === 0) return null;
  if (isSeq(node)) return followList(node.items, parts, depth);
  if (!isYamlMap(node)) return null;
  for (let length = parts.length; length > 0; length--) {
    const key = parts.slice(0, length).join('.');
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    if (pair === undefined) continue;
    const own = { offset: offsetOf(pair.key), depth: depth + length };
    return follow(pair.value, parts.slice(length), own.depth) ?? own;
  }
  return null;
}

function followList(items: readonly unknown[], parts: readonly string[], depth: number): Found | null {
  const wanted = parts.join('.');
  const item = items.find((candidate) => {
    const text = isScalar(candidate) ? String(candidate.value) : JSON.stringify(candidate);
    return text === wanted || text.startsWith(`${wanted}=`) || text.startsWith(`${wanted}:`);
  });
  return item === undefined ? null : { offset: offsetOf(item), depth: depth + parts.length };
}

function offsetOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}
