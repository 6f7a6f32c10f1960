import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import tar from 'tar-stream';

export type TarSearch = {
  /** The words that stand in a file's name or content, compressed with gzip or plain. */
  readonly found: ReadonlySet<string>;
  /** Files that are compressed in a way that cannot be looked into; `isListed`: names of tables stand in it all the same. */
  readonly opaque: readonly OpaqueFile[];
};

export type OpaqueFile = { readonly name: string; readonly isListed: boolean };

const gzipStart = Buffer.from([0x1f, 0x8b]);
/** zstd, xz, bzip2, zip, 7z, lz4, and pg_dump's own format, whose table of contents is plain. */
const opaqueStarts = [
  ...['28b52ffd', 'fd377a58', '425a68', '504b0304', '377abcaf', '04224d18'].map((hex) => ({
    start: Buffer.from(hex, 'hex'),
    isListed: false,
  })),
  { start: Buffer.from('PGDMP'), isListed: true },
];

/** Looks for words in all files of a tar as it comes by. */
export async function searchTar(source: Readable, words: readonly string[]): Promise<TarSearch> {
  const found = new Set<string>();
  const opaque: OpaqueFile[] = [];
  const extract = tar.extract();
  const done = pipeline(source, extract);
  done.catch(() => {});
  for await (const entry of extract) {
    for (const word of words) if (entry.header.name.includes(word)) found.add(word);
    await searchEntry(entry as AsyncIterable<Buffer>, words, found, (isListed) =>
      opaque.push({ name: entry.header.name, isListed }),
    );
  }
  await done;
  return { found, opaque };
}

async function searchEntry(
  entry: AsyncIterable<Buffer>,
  words: readonly string[],
  found: Set<string>,
  onOpaque: (isListed: boolean) => void,
): Promise<void> {
  const plain = makeFinder(words, found);
  let gunzip: ReturnType<typeof unzip> | null = null;
  let isFirst = true;
  for await (const chunk of entry) {
    const closed = isFirst
      ? opaqueStarts.find(({ start }) => chunk.subarray(0, start.length).equals(start))
      : undefined;
    if (closed !== undefined) onOpaque(closed.isListed);
    if (isFirst && chunk.subarray(0, 2).equals(gzipStart)) gunzip = unzip(words, found);
    isFirst = false;
    plain(chunk);
    await gunzip?.write(chunk);
  }
  await gunzip?.end();
}

/** A finder that does not miss a word on the border of two chunks. */
function makeFinder(words: readonly string[], found: Set<string>): (chunk: Buffer) => void {
  const overlap = Math.max(0, ...words.map((word) => Buffer.byteLength(word) - 1));
  let tail: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const text = Buffer.concat([tail, chunk]);
    for (const word of words) if (!found.has(word) && text.includes(word)) found.add(word);
    tail = text.subarray(Math.max(0, text.length - overlap));
  };
}

function unzip(words: readonly string[], found: Set<string>) {
  const gunzip = createGunzip();
  const find = makeFinder(words, found);
  gunzip.on('data', find);
  // What only looks like gzip is no error: it has been searched as it is.
  const over = new Promise<void>((resolve) => gunzip.on('end', resolve).on('error', () => resolve()));
  let isBroken = false;
  gunzip.on('error', () => {
    isBroken = true;
  });
  return {
    write: (chunk: Buffer) =>
      isBroken
        ? Promise.resolve()
        : new Promise<void>((resolve) => void gunzip.write(chunk, () => resolve())),
    end: () => {
      if (!isBroken) gunzip.end();
      return over;
    },
  };
}
