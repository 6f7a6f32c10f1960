import { basename, dirname } from 'node:path';
import { diskFailure } from '@ccci/lib/state/disk-failure.ts';
import {
  type ContentChange,
  changeContent,
  changeNames,
  emptyFolder,
  type FileNode,
  type FolderNode,
  type NameChange,
  type Nodes,
  syncedNode,
} from './nodes.ts';

/** A file system and the next free number, for nodes and changes. */
export type Tree = { readonly nodes: Nodes; next: number };

export function treeOf(nodes: Nodes): Tree {
  const changes = [...nodes.values()].flatMap((node) =>
    node.kind === 'folder' ? node.pending.map(({ id }) => id) : [],
  );
  return { nodes, next: Math.max(...nodes.keys(), ...changes) + 1 };
}

export function readFile(tree: Tree, path: string): string | undefined {
  const node = find(tree, path);
  if (node?.kind === 'folder') throw failure('read', path, 'EISDIR');
  return node?.content;
}

export function listFolder(tree: Tree, folder: string): string[] {
  const node = find(tree, folder);
  if (node?.kind === 'file') throw failure('list', folder, 'ENOTDIR');
  return [...(node?.names.keys() ?? [])].sort();
}

/** The folders that are missing on the way to this one, topmost first. */
export function missingFolders(tree: Tree, folder: string): string[] {
  const node = find(tree, folder);
  if (node?.kind === 'file') throw failure('make folder', folder, 'EEXIST');
  return node === undefined ? [...missingFolders(tree, dirname(folder)), folder] : [];
}

export function makeFolder(tree: Tree, path: string): void {
  addNode(tree, path, emptyFolder());
}

export function changeFile(tree: Tree, path: string, change: ContentChange): void {
  const empty: FileNode = { kind: 'file', durable: '', content: '', pending: [] };
  const number = numberOf(tree, path) ?? addNode(tree, path, empty);
  const node = tree.nodes.get(number);
  if (node?.kind !== 'file') throw failure(change.how, path, 'EISDIR');
  const pending = [...node.pending, change];
  tree.nodes.set(number, { ...node, content: changeContent(node.content, change), pending });
}

export function syncPath(tree: Tree, path: string): void {
  const number = numberOf(tree, path);
  const node = number === undefined ? undefined : tree.nodes.get(number);
  if (number === undefined || node === undefined) throw failure('sync', path, 'ENOENT');
  tree.nodes.set(number, syncedNode(node));
}

export function renamePath(tree: Tree, from: string, to: string): void {
  const number = numberOf(tree, from);
  if (number === undefined) throw failure('rename to', to, 'ENOENT');
  if (numberOf(tree, to) === number) return;
  const added = { id: tree.next++, adds: { name: basename(to), node: number } };
  const removes = basename(from);
  if (dirname(from) === dirname(to)) {
    changeFolder(tree, dirname(to), { ...added, removes });
    return;
  }
  changeFolder(tree, dirname(to), added);
  changeFolder(tree, dirname(from), { id: tree.next++, removes, partner: added.id });
}

/** False when the second name is taken. */
export function linkPath(tree: Tree, from: string, to: string): boolean {
  const number = numberOf(tree, from);
  if (number === undefined) throw failure('link to', to, 'ENOENT');
  if (numberOf(tree, to) !== undefined) return false;
  changeFolder(tree, dirname(to), { id: tree.next++, adds: { name: basename(to), node: number } });
  return true;
}

export function removePath(tree: Tree, path: string): void {
  const node = find(tree, path);
  if (node === undefined) return;
  if (node.kind === 'folder') throw failure('remove', path, 'EISDIR');
  changeFolder(tree, dirname(path), { id: tree.next++, removes: basename(path) });
}

/** The number of what a path names, undefined when nothing is there. */
export function numberOf({ nodes }: Tree, path: string): number | undefined {
  let number: number | undefined = 0;
  for (const name of path.split('/').filter((part) => part !== '')) {
    const node: FileNode | FolderNode | undefined = number === undefined ? undefined : nodes.get(number);
    number = node?.kind === 'folder' ? node.names.get(name) : undefined;
  }
  return number;
}

function addNode(tree: Tree, path: string, node: FileNode | FolderNode): number {
  const number = tree.next++;
  changeFolder(tree, dirname(path), { id: tree.next++, adds: { name: basename(path), node: number } });
  tree.nodes.set(number, node);
  return number;
}

function changeFolder(tree: Tree, folder: string, change: NameChange): void {
  const number = numberOf(tree, folder);
  const node = number === undefined ? undefined : tree.nodes.get(number);
  if (number === undefined || node?.kind !== 'folder') throw failure('write in', folder, 'ENOENT');
  const names = changeNames(node.names, change);
  tree.nodes.set(number, { ...node, names, pending: [...node.pending, change] });
}

function find(tree: Tree, path: string): FileNode | FolderNode | undefined {
  const number = numberOf(tree, path);
  return number === undefined ? undefined : tree.nodes.get(number);
}

function failure(what: string, path: string, code: string): Error {
  return diskFailure(what, path, Object.assign(new Error(`${code}: simulated`), { code }));
}
