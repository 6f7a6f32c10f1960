import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';

export type FilterOptions = {
  readonly isWanted: (entry: string) => boolean;
  readonly rename?: (entry: string) => string;
  /**
   * Gives the tar of one entry. It is asked, when the source has come to its end, for wanted names of files whose content
   * stands under a name that is not wanted: a tar has the content of hard links once. Without it these are left out.
   */
  readonly readAgain?: (entry: string) => Promise<Readable>;
};

/** The entries of a tar that are wanted, as a tar again, by new names if so wished. An error of the source is one of the result. */
export function filterTar(source: Readable, options: FilterOptions): Readable {
  const { isWanted, rename = (entry) => entry, readAgain } = options;
  const extract = tar.extract();
  const pack = tar.pack();
  const orphans: tar.Header[] = [];
  extract.on('entry', (header, stream, next) => {
    const isLink = header.type === 'link';
    const isOrphan = isLink && !isWanted(header.linkname ?? '');
    if (!isWanted(header.name) || isOrphan) {
      if (isOrphan && isWanted(header.name)) orphans.push(header);
      stream.on('end', next);
      stream.resume();
      return;
    }
    const linkname = isLink ? rename(header.linkname ?? '') : header.linkname;
    stream.pipe(pack.entry(newHeader(header, { name: rename(header.name), linkname }), next));
  });
  pipeline(source, extract)
    .then(() => (readAgain === undefined ? undefined : addOrphans(pack, orphans, { rename, readAgain })))
    .then(
      () => pack.finalize(),
      (error: Error) => pack.destroy(error),
    );
  return Readable.from(pack);
}

/** Of several names of one content the first gets it, the others are links to that. */
async function addOrphans(
  pack: tar.Pack,
  orphans: readonly tar.Header[],
  { rename, readAgain }: Required<Omit<FilterOptions, 'isWanted'>>,
): Promise<void> {
  const first = new Map<string, string>();
  for (const header of orphans) {
    const name = rename(header.name);
    const linkname = first.get(header.linkname ?? '');
    if (linkname !== undefined) {
      pack.entry(newHeader(header, { name, linkname }));
      continue;
    }
    first.set(header.linkname ?? '', name);
    await addContent(pack, name, await readAgain(header.name));
  }
}

async function addContent(pack: tar.Pack, name: string, source: Readable): Promise<void> {
  const extract = tar.extract();
  const done = pipeline(source, extract);
  done.catch(() => {});
  for await (const entry of extract) {
    await new Promise<void>((resolve, reject) => {
      const target = pack.entry(newHeader(entry.header, { name }), (error) =>
        error ? reject(error) : resolve(),
      );
      entry.on('error', reject).pipe(target);
    });
  }
  await done;
}

function newHeader(header: tar.Header, changes: { name: string; linkname?: string | null | undefined }) {
  return { ...header, pax: null, ...changes } as tar.Header;
}
