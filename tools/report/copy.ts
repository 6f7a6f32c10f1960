import { createWriteStream } from 'node:fs';
import { constants, type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fixedFiles, fixedFolders, fixedPictures, isPlainName } from '@ccci/lib/pages/published.ts';
import { pictureLimits } from '@ccci/lib/pictures/chunks.ts';
import { writePicture } from '@ccci/lib/pictures/write.ts';
import { codeOf } from '@ccci/lib/program/failure.ts';
import { temporaryName } from '@ccci/lib/state/files.ts';

/** Largest file that is published, in bytes; logs are capped at 50 MiB where they are written. */
const sizeLimit = 64 * 1024 * 1024;

/**
 * Copies what is published of a run: by fixed names, without following links, regular files of the run's owner only
 * (security.md, confused reporter); pictures are decoded and encoded again. What is not there or not as it should be is left out.
 */
export async function copyPublished(from: string, to: string): Promise<void> {
  const run = await openFolder(from);
  if (run === null) return;
  try {
    for (const name of fixedFiles) await copyFile(run, name, { to: join(to, name), how: copyBytes });
    for (const name of fixedPictures) await copyFile(run, name, { to: join(to, name), how: copyPicture });
    for (const { folder, ending } of fixedFolders)
      await copyFolder(run, folder, { to: join(to, folder), ending });
  } finally {
    await run.close();
  }
}

async function copyFolder(
  run: FileHandle,
  folder: string,
  { to, ending }: { readonly to: string; readonly ending: string },
): Promise<void> {
  const inside = await openFolder(below(run, folder));
  if (inside === null) return;
  try {
    const names = (await readdir(below(inside, '.'))).filter(
      (name) => name.endsWith(ending) && isPlainName(name),
    );
    if (names.length > 0) await mkdir(to, { recursive: true });
    for (const name of names.sort()) await copyFile(inside, name, { to: join(to, name), how: copyBytes });
  } finally {
    await inside.close();
  }
}

type Copying = {
  readonly to: string;
  readonly how: (file: FileHandle, size: number, to: string) => Promise<void>;
};

async function copyFile(folder: FileHandle, name: string, { to, how }: Copying): Promise<void> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await openOrNull(below(folder, name), flags);
  if (file === null) return;
  try {
    const [{ uid: owner }, stats] = [await folder.stat(), await file.stat()];
    if (!stats.isFile() || stats.uid !== owner || stats.nlink !== 1 || stats.size > sizeLimit) return;
    await how(file, stats.size, to);
  } finally {
    await file.close();
  }
}

/** By rename, so that a reader of the page never sees half a file. */
async function copyBytes(file: FileHandle, size: number, to: string): Promise<void> {
  const temporary = temporaryName(to);
  await rm(temporary, { force: true });
  const source =
    size === 0 ? Readable.from([]) : file.createReadStream({ autoClose: false, start: 0, end: size - 1 });
  await pipeline(source, createWriteStream(temporary, { flags: 'wx' }));
  await rename(temporary, to);
}

/** What is no picture, or too large for one, is left out; nothing of an older copy stays. */
async function copyPicture(file: FileHandle, size: number, to: string): Promise<void> {
  const cleaned = size > pictureLimits.bytes ? null : await clean(file, size);
  if (cleaned === null) await rm(to, { force: true });
  else await writePicture(to, cleaned);
}

async function clean(file: FileHandle, size: number): Promise<Uint8Array | null> {
  const { cleanPng } = await import('@ccci/lib/pictures/png.ts');
  const bytes = Buffer.alloc(size);
  const { bytesRead } = await file.read(bytes, 0, size, 0);
  try {
    return cleanPng(bytes.subarray(0, bytesRead));
  } catch {
    return null;
  }
}

/** A path below an opened folder: whatever its name points to by now, it is the folder that was looked at. */
function below(folder: FileHandle, name: string): string {
  return `/proc/self/fd/${folder.fd}/${name}`;
}

function openFolder(path: string): Promise<FileHandle | null> {
  return openOrNull(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
}

async function openOrNull(path: string, flags: number): Promise<FileHandle | null> {
  try {
    return await open(path, flags);
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENOTDIR', 'EACCES', 'ENXIO'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}
