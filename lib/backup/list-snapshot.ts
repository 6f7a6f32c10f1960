import { listTar, partsOf } from '../swarm/tar-paths.ts';
import type { SnapshotOptions } from './in-snapshot.ts';
import { snapshotName } from './take.ts';

/** A file in a snapshot. */
export type SnapshotEntry = {
  /** Key in compose. */
  readonly volume: string;
  /** Relative to the volume. */
  readonly path: string;
  readonly bytes: number;
};

/** More than this is cut off: a hook that asks for a dump needs no list of a million small files. */
const mostEntries = 50_000;

/** The files of a snapshot, by their order in it. */
export async function listSnapshot({
  repository,
  snapshot,
  spec,
}: SnapshotOptions): Promise<SnapshotEntry[]> {
  const keys = new Map(spec.volumes.map(({ fullName, name }) => [fullName, name]));
  const entries: SnapshotEntry[] = [];
  for await (const { name, bytes } of listTar(repository.dump(snapshot, { name: snapshotName }))) {
    const { volume, path } = partsOf(name);
    if (entries.length < mostEntries)
      entries.push({ volume: keys.get(volume ?? '') ?? volume ?? '', path, bytes });
  }
  return entries;
}
