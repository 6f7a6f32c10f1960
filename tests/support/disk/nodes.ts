/** What a power cut may leave of names: a change of one folder that no `sync` of that folder has made durable. */
export type NameChange = {
  readonly id: number;
  readonly adds?: { readonly name: string; readonly node: number };
  readonly removes?: string;
  /** Of a rename's old name in another folder: the change that gave the new one. */
  readonly partner?: number;
};

/** A change of a file's content that no `sync` of that file has made durable. */
export type ContentChange = { readonly how: 'write' | 'append'; readonly content: string };

export type FileNode = {
  readonly kind: 'file';
  /** What is on the platters. */
  readonly durable: string;
  /** What programs read: the page cache. */
  readonly content: string;
  readonly pending: readonly ContentChange[];
};

export type FolderNode = {
  readonly kind: 'folder';
  readonly durable: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<string, number>;
  readonly pending: readonly NameChange[];
};

/** A file system: nodes by number, number 0 is `/`. Nodes are replaced, never changed, so that a copy is cheap. */
export type Nodes = Map<number, FileNode | FolderNode>;

export function emptyFolder(): FolderNode {
  return { kind: 'folder', durable: new Map(), names: new Map(), pending: [] };
}

/** Everything that programs have written is on the platters. */
export function syncedNode(node: FileNode | FolderNode): FileNode | FolderNode {
  if (node.kind === 'file') return { ...node, durable: node.content, pending: [] };
  return { ...node, durable: node.names, pending: [] };
}

/** The content after a change. */
export function changeContent(before: string, { how, content }: ContentChange): string {
  return how === 'write' ? content : before + content;
}

/** The names after a change. */
export function changeNames(
  before: ReadonlyMap<string, number>,
  { adds, removes }: NameChange,
): Map<string, number> {
  const after = new Map(before);
  if (removes !== undefined) after.delete(removes);
  if (adds !== undefined) after.set(adds.name, adds.node);
  return after;
}
