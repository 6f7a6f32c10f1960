import {
  type ContentChange,
  changeContent,
  changeNames,
  type FileNode,
  type FolderNode,
  type NameChange,
  type Nodes,
} from './nodes.ts';
import { seededRandom } from './random.ts';

/**
 * What a power cut leaves of that which was not synced.
 * - `nothing`: only what was synced.
 * - `everything`: the kernel had just written it all back.
 * - `names`: all names, no content: files that were renamed before their blocks were written are empty (delayed
 *   allocation of ext4, xfs and btrfs).
 * - `contents`: all content, no names.
 * - `added`: all but the removal of names: what was removed is back, what moved to another folder is in both.
 * - `without`: everything but one change, by its number: whatever relies on it is there, and it is not.
 * - `seed`: each change by itself, content also torn, its tail also NULs (a size that was written before the blocks).
 */
export type Survival =
  | 'nothing'
  | 'everything'
  | 'names'
  | 'contents'
  | 'added'
  | { readonly without: number }
  | { readonly seed: number };

/** The extremes, each change missing once, and so many seeds. */
export function survivals(nodes: Nodes, seeds: number): readonly Survival[] {
  const changes = pendingChanges(nodes);
  if (changes === 0) return ['nothing'];
  const missing = Array.from({ length: changes }, (_, without) => ({ without }));
  const drawn = Array.from({ length: seeds }, (_, index) => ({ seed: index + 1 }));
  return ['nothing', 'everything', 'names', 'contents', 'added', ...missing, ...drawn];
}

/** How a survival is called in messages: `nothing`, `seed 3`. */
export function showSurvival(survival: Survival): string {
  return typeof survival === 'string' ? survival : (Object.entries(survival)[0] ?? []).join(' ');
}

type Judge = {
  readonly isAdded: () => boolean;
  readonly isRemoved: () => boolean;
  readonly contentOf: (node: FileNode) => string;
};

/** The file system after a power cut and a new mount; the old one stays as it is. */
export function surviving(nodes: Nodes, survival: Survival): Nodes {
  const judge = judgeOf(survival);
  const lost = new Set<number>();
  const kept = new Map<number, readonly NameChange[]>();
  for (const [number, node] of folders(nodes)) kept.set(number, keepNames(node, judge, lost));
  const left: Nodes = new Map();
  for (const [number, node] of nodes) {
    if (node.kind === 'file') left.set(number, mountedFile(judge.contentOf(node)));
    else left.set(number, mountedFolder(node, kept.get(number) ?? [], lost));
  }
  return left;
}

function judgeOf(survival: Survival): Judge {
  if (typeof survival !== 'string')
    return 'seed' in survival ? drawnJudge(survival.seed) : missingJudge(survival.without);
  const isAdded = survival === 'everything' || survival === 'names' || survival === 'added';
  const isRemoved = survival === 'everything' || survival === 'names';
  const hasContent = survival === 'everything' || survival === 'contents' || survival === 'added';
  return {
    isAdded: () => isAdded,
    isRemoved: () => isRemoved,
    contentOf: ({ content, durable }) => (hasContent ? content : durable),
  };
}

/** Counts the changes as they are judged: those of all folders, then the files with new content. */
function missingJudge(without: number): Judge {
  let count = 0;
  const isKept = () => count++ !== without;
  return {
    isAdded: isKept,
    isRemoved: isKept,
    contentOf: ({ content, durable, pending }) => (pending.length === 0 || isKept() ? content : durable),
  };
}

function pendingChanges(nodes: Nodes): number {
  const counts = [...nodes.values()].map(({ kind, pending }) =>
    kind === 'file' ? Math.min(1, pending.length) : pending.length,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Some seeds keep much, some little: with an even chance for each, all or nothing of ten would never be seen. */
function drawnJudge(seed: number): Judge {
  const random = seededRandom(seed);
  const chance = [0.15, 0.5, 0.85][seed % 3] ?? 0.5;
  return {
    isAdded: () => random() < chance,
    isRemoved: () => random() < chance,
    contentOf: (node) => tornContent(node, random),
  };
}

/** Whole changes, then perhaps a part of the next one; blocks after a new size may never have been written. */
function tornContent({ durable, pending }: FileNode, random: () => number): string {
  const whole = Math.floor(random() * (pending.length + 1));
  const before = pending.slice(0, whole).reduce(changeContent, durable);
  const next = random() < 0.3 ? undefined : pending[whole];
  return next === undefined ? before : changeContent(before, torn(next, random));
}

function torn({ how, content }: ContentChange, random: () => number): ContentChange {
  const bytes = Buffer.from(content);
  const length = Math.floor(random() * (bytes.length + 1));
  const tail = random() < 0.25 ? '\0'.repeat(bytes.length - length) : '';
  return { how, content: bytes.subarray(0, length).toString() + tail };
}

/** The changes of a folder that are left, and in `lost` the numbers of additions that are not. */
function keepNames({ pending }: FolderNode, { isAdded, isRemoved }: Judge, lost: Set<number>): NameChange[] {
  return pending.filter(({ id, adds }) => {
    const isKept = adds === undefined ? isRemoved() : isAdded();
    if (!isKept) lost.add(id);
    return isKept;
  });
}

function mountedFolder(
  { durable }: FolderNode,
  kept: readonly NameChange[],
  lost: ReadonlySet<number>,
): FolderNode {
  const isWhole = ({ partner }: NameChange) => partner === undefined || !lost.has(partner);
  const names = kept.filter(isWhole).reduce<ReadonlyMap<string, number>>(changeNames, durable);
  return { kind: 'folder', durable: names, names, pending: [] };
}

function mountedFile(content: string): FileNode {
  return { kind: 'file', durable: content, content, pending: [] };
}

function folders(nodes: Nodes): (readonly [number, FolderNode])[] {
  return [...nodes].flatMap(([number, node]) => (node.kind === 'folder' ? [[number, node] as const] : []));
}
