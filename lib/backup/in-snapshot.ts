import type { BackupSpec } from '../recipe/backup-labels.ts';
import { partsOf, readFiles } from '../swarm/tar-paths.ts';
import { entryOf } from './markers.ts';
import type { Repository } from './restic.ts';
import { searchTar, type TarSearch } from './search-tar.ts';
import {
  checkOf,
  type SeedCheck,
  type Seeds,
  unseededChecks,
  wordsForDatabase,
  wordsForVolume,
} from './seed.ts';
import { type SeededTable, wordsOf } from './tables.ts';
import { snapshotName } from './take.ts';

export type SnapshotOptions = {
  readonly repository: Repository;
  readonly snapshot: string;
  readonly spec: BackupSpec;
};

/** Looks whether the snapshot holds what was seeded (L40, L41): markers byte for byte, tables by name and rows. */
export async function seedsInSnapshot(
  seeds: Seeds,
  { repository, snapshot, spec }: SnapshotOptions,
): Promise<SeedCheck[]> {
  const dump = () => repository.dump(snapshot, { name: snapshotName });
  const wanted = new Set(seeds.files.map(entryOf));
  const contents = await readFiles(dump(), (entry) => wanted.has(normal(entry)));
  const byEntry = new Map([...contents].map(([entry, content]) => [normal(entry), content]));
  const files = seeds.files.map((file) =>
    checkOf(
      wordsForVolume(file),
      byEntry.get(entryOf(file)) === file.content ? null : `the snapshot does not hold ${file.path}`,
    ),
  );
  const words = seeds.tables.flatMap((table) => [table.table, ...wordsOf(table)]);
  const search = words.length === 0 ? null : await searchTar(dump(), words);
  const tables =
    search === null ? [] : seeds.tables.map((table) => judgeTable(table, search, areFilesSaved(table, spec)));
  return [...files, ...tables, ...unseededChecks(seeds)];
}

/**
 * What the search in a snapshot says of one table. A dump has to hold its last row; in a copy of the server's own files
 * (`areFilesSaved`) a row may be cut by the border of a page or a log block. Pure.
 */
export function judgeTable(
  table: SeededTable,
  { found, opaque }: TarSearch,
  areFilesSaved: boolean,
): SeedCheck {
  const what = wordsForDatabase(table);
  const rows = wordsOf(table);
  const last = rows.at(-1) as string;
  const isPart = rows.some((row) => found.has(row));
  const closed = opaque.find((file) => !file.isListed || found.has(table.table));
  if (found.has(last) || (areFilesSaved && isPart)) return checkOf(what, null);
  if (closed !== undefined) {
    const message = `what ${closed.name} holds is compressed and cannot be looked into: the restore shows it`;
    return { what, status: 'skip', message };
  }
  if (isPart) return checkOf(what, 'the snapshot holds a part of the seeded rows only: the dump breaks off');
  if (found.has(table.table))
    return checkOf(what, 'the snapshot names the seeded table and holds none of its rows');
  return checkOf(what, 'the snapshot holds no dump with the seeded table, nor its files');
}

/** Whether the server's own files are saved as they are. */
function areFilesSaved({ volumes }: SeededTable, spec: BackupSpec): boolean {
  return spec.volumes.some(({ name, saved, paths }) => saved && paths === null && volumes.includes(name));
}

function normal(entry: string): string {
  const { root, volume, path } = partsOf(entry);
  return [root, volume, path].filter(Boolean).join('/');
}
