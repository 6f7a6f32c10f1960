import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';

/** What of a volume counts: all of it (`paths` null), or these paths relative to it. */
export type VolumePaths = { readonly fullName: string; readonly paths: readonly string[] | null };

/** Where a carrier shows the volumes. */
export const volumesRoot = 'volumes';

/** Whether an entry of a carrier's tar belongs to what is saved; folders on the way to a path do, to keep their owners. Pure. */
export function isSaved(entry: string, volumes: readonly VolumePaths[]): boolean {
  const { root, volume, path } = partsOf(entry);
  if (root !== volumesRoot) return false;
  if (volume === undefined) return true;
  const found = volumes.find(({ fullName }) => fullName === volume);
  if (found === undefined) return false;
  return found.paths === null || found.paths.some((saved) => isWithin(path, saved) || isWithin(saved, path));
}

/** Whether an entry is at or below one of the volume's paths: without the folders on the way there. Pure. */
export function isBelow(entry: string, paths: readonly string[]): boolean {
  const { path } = partsOf(entry);
  return path !== '' && paths.some((one) => isWithin(path, one));
}

/** An entry's volume and its path in it; entries look like `volumes/<volume>/<path>`. Pure. */
export function partsOf(entry: string): {
  readonly root: string | undefined;
  readonly volume: string | undefined;
  readonly path: string;
} {
  const [root, volume, ...rest] = entry.split('/').filter((part) => part !== '' && part !== '.');
  return { root, volume, path: rest.join('/') };
}

function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** A tar of files with contents, owned by root. */
export function packFiles(files: readonly { readonly path: string; readonly content: string }[]): Readable {
  const pack = tar.pack();
  for (const { path, content } of files) pack.entry({ name: path, mode: 0o644 }, content);
  pack.finalize();
  return Readable.from(pack);
}

/** Reads small files out of a tar; others are passed over. */
export async function readFiles(
  source: Readable,
  isWanted: (entry: string) => boolean,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const extract = tar.extract();
  const done = pipeline(source, extract);
  done.catch(() => {});
  for await (const entry of extract) {
    const chunks: Buffer[] = [];
    const isKept =
      entry.header.type === 'file' && isWanted(entry.header.name) && (entry.header.size ?? 0) < 1_000_000;
    for await (const chunk of entry) if (isKept) chunks.push(chunk as Buffer);
    if (isKept) found.set(entry.header.name, Buffer.concat(chunks).toString('utf8'));
  }
  await done;
  return found;
}

/** The files of a tar, one after the other, without their contents. */
export async function* listTar(
  source: Readable,
): AsyncGenerator<{ readonly name: string; readonly bytes: number }> {
  const extract = tar.extract();
  const done = pipeline(source, extract);
  done.catch(() => {});
  for await (const entry of extract) {
    entry.resume();
    if (entry.header.type === 'file') yield { name: entry.header.name, bytes: entry.header.size ?? 0 };
  }
  await done;
}
