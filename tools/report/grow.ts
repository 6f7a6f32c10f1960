import { constants, type FileHandle, open, rename, rm } from 'node:fs/promises';
import { codeOf } from '@ccci/lib/program/failure.ts';
import { temporaryName } from '@ccci/lib/state/files.ts';

/** Longest log of records that is followed, in bytes; as in copy.ts. */
const sizeLimit = 64 * 1024 * 1024;
/** So much at the begin and at the end of what was copied tells whether the file is still the same, in bytes. */
const proofBytes = 1024;
const pieceBytes = 256 * 1024;

/**
 * Brings the copy of a file that grows up to it: only what is new is appended, so that whoever reads the copy keeps
 * their place; where the file is another one now, the copy is made anew. By fixed name below an opened folder, without
 * following links, a regular file of the folder's owner only (security.md, confused reporter); of what is not like that
 * no copy stays.
 */
export async function growCopy(folder: string, name: string, to: string): Promise<void> {
  const source = await openSafely(folder, name);
  if (source === null) return rm(to, { force: true });
  try {
    const { size } = await source.stat();
    if (size > sizeLimit) return;
    const copied = await copiedSoFar(source, size, to);
    if (copied === null) await copyAnew(source, size, to);
    else if (copied < size) await appendRest(source, { from: copied, size }, to);
  } finally {
    await source.close();
  }
}

async function openSafely(folder: string, name: string): Promise<FileHandle | null> {
  const inside = await openOrNull(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  if (inside === null) return null;
  try {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await openOrNull(`/proc/self/fd/${inside.fd}/${name}`, flags);
    if (file === null) return null;
    const [{ uid: owner }, stats] = [await inside.stat(), await file.stat()];
    if (stats.isFile() && stats.uid === owner && stats.nlink === 1) return file;
    await file.close();
    return null;
  } finally {
    await inside.close();
  }
}

/** How much of the source the copy holds; null when there is none, or it is one of something else. */
async function copiedSoFar(source: FileHandle, size: number, to: string): Promise<number | null> {
  const copy = await openOrNull(to, constants.O_RDONLY | constants.O_NOFOLLOW);
  if (copy === null) return null;
  try {
    const { size: copied } = await copy.stat();
    if (copied > size) return null;
    const length = Math.min(copied, proofBytes);
    const isSame = async (from: number) =>
      (await read(source, from, length)).equals(await read(copy, from, length));
    return (await isSame(0)) && (await isSame(copied - length)) ? copied : null;
  } finally {
    await copy.close();
  }
}

async function copyAnew(source: FileHandle, size: number, to: string): Promise<void> {
  const temporary = temporaryName(to);
  await rm(temporary, { force: true });
  await append(source, { from: 0, size }, temporary, constants.O_CREAT | constants.O_EXCL);
  await rename(temporary, to);
}

function appendRest(source: FileHandle, part: Part, to: string): Promise<void> {
  return append(source, part, to, constants.O_NOFOLLOW);
}

type Part = { readonly from: number; readonly size: number };

async function append(source: FileHandle, { from, size }: Part, to: string, flags: number): Promise<void> {
  const copy = await open(to, constants.O_WRONLY | constants.O_APPEND | flags, 0o666);
  try {
    for (let at = from; at < size; ) {
      const piece = await read(source, at, Math.min(pieceBytes, size - at));
      if (piece.length === 0) return;
      await copy.appendFile(piece);
      at += piece.length;
    }
  } finally {
    await copy.close();
  }
}

async function read(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
  return buffer.subarray(0, bytesRead);
}

async function openOrNull(path: string, flags: number): Promise<FileHandle | null> {
  try {
    return await open(path, flags);
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENOTDIR', 'EACCES', 'ENXIO'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}
