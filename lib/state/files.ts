import { appendFile, link, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, exitStatus, Failure, messageOf } from '../program/failure.ts';
import { diskFailure } from './disk-failure.ts';
import { makeFolders } from './folders.ts';

/**
 * What durable state needs of a file system, so that it can be recorded and cut off in tests.
 * Nothing is durable before `sync`: of a file for its content, of its folder for its name.
 * Every error but the expected absence is a `Failure` with status 74.
 */
export type Disk = {
  /** Undefined when it is not there. */
  readonly read: (path: string) => Promise<string | undefined>;
  /** For what may be large; no pieces when it is not there. A piece is valid until the next one is asked for. */
  readonly readPieces: (path: string) => AsyncIterable<Uint8Array>;
  /** Names in a folder, sorted by code unit; none when it is not there. */
  readonly list: (folder: string) => Promise<readonly string[]>;
  readonly exists: (path: string) => Promise<boolean>;
  /** With its parents; the topmost one that was made, undefined when it was there. */
  readonly makeFolder: (folder: string) => Promise<string | undefined>;
  /** Creates or replaces. */
  readonly write: (path: string, content: string) => Promise<void>;
  /** Creates or lengthens. */
  readonly append: (path: string, content: string) => Promise<void>;
  readonly sync: (path: string) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  /** False when the second name is taken. */
  readonly link: (from: string, to: string) => Promise<boolean>;
  /** Nothing happens when it is not there. */
  readonly remove: (path: string) => Promise<void>;
};

const pieceBytes = 1024 * 1024;

export const realDisk: Disk = {
  read: (path) => attempt('read', path, () => orElse(readFile(path, 'utf8'), 'ENOENT', undefined)),
  readPieces,
  list: (folder) => attempt('list', folder, async () => (await orElse(readdir(folder), 'ENOENT', [])).sort()),
  exists: (path) =>
    attempt('look at', path, () =>
      orElse(
        stat(path).then(() => true),
        'ENOENT',
        false,
      ),
    ),
  makeFolder: (folder) => attempt('make folder', folder, () => makeFolders(folder, 0o770)),
  write: (path, content) => attempt('write', path, () => writeFile(path, content)),
  append: (path, content) => attempt('append to', path, () => appendFile(path, content)),
  sync: (path) => attempt('sync', path, () => sync(path)),
  rename: (from, to) => attempt('rename to', to, () => rename(from, to)),
  link: (from, to) =>
    attempt('link to', to, () =>
      orElse(
        link(from, to).then(() => true),
        'EEXIST',
        false,
      ),
    ),
  remove: (path) => attempt('remove', path, () => rm(path, { force: true })),
};

/** Replaces a whole file: temporary file beside it, fsync, rename, fsync of the folder; readers see old or new. */
export async function writeDurably(path: string, content: string, disk: Disk = realDisk): Promise<void> {
  const temporary = temporaryName(path);
  await disk.write(temporary, content);
  await disk.sync(temporary);
  await disk.rename(temporary, path);
  await disk.sync(dirname(path));
}

/** Appends and fsyncs; the caller sees to the end of the line. */
export async function appendDurably(path: string, line: string, disk: Disk = realDisk): Promise<void> {
  await disk.append(path, line);
  await disk.sync(path);
}

/** Renames and fsyncs both folders, the new one first: better twice there than nowhere. */
export async function renameDurably(from: string, to: string, disk: Disk = realDisk): Promise<void> {
  await disk.rename(from, to);
  await disk.sync(dirname(to));
  if (dirname(from) !== dirname(to)) await disk.sync(dirname(from));
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string, disk: Disk = realDisk): Promise<void> {
  await disk.sync(folder);
}

/** A JSON file's value; undefined when it is not there, `Failure` 74 when it is no JSON. */
export async function readJsonFile(path: string, disk: Disk = realDisk): Promise<unknown> {
  const content = await disk.read(path);
  if (content === undefined) return undefined;
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new Failure(exitStatus.inputOutput, 'damaged-file', `${path} is not JSON: ${messageOf(error)}`, {
      cause: error,
      hint: 'ccci writes it whole or not at all: look who else did, then restore or remove it',
    });
  }
}

/** Name of the temporary file beside a file; hidden, so that nobody lists it. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.tmp`);
}

async function* readPieces(path: string): AsyncGenerator<Uint8Array> {
  const handle = await attempt('read', path, () => orElse(open(path, 'r'), 'ENOENT', undefined));
  if (handle === undefined) return;
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    for (;;) {
      const { bytesRead } = await attempt('read', path, () => handle.read(piece, 0, piece.length, null));
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function orElse<Value, Instead>(
  working: Promise<Value>,
  code: string,
  instead: Instead,
): Promise<Value | Instead> {
  return working.catch((error) => {
    if (codeOf(error) === code) return instead;
    throw error;
  });
}

async function attempt<Value>(what: string, path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw diskFailure(what, path, error);
  }
}
