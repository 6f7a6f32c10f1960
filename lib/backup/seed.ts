import type { BackupSpec } from '../recipe/backup-labels.ts';
import type { Stack } from '../recipe/compose.ts';
import type { Engine } from '../swarm/engine.ts';
import { partsOf, readFiles } from '../swarm/tar-paths.ts';
import {
  compareTable,
  type Database,
  damageTable,
  findDatabases,
  type SeededTable,
  seedTable,
} from './database.ts';
import { compareFiles, destroyFiles, entryOf, type SeededFile, seedFiles } from './markers.ts';
import type { Repository } from './restic.ts';
import { searchTar } from './search-tar.ts';
import { savedVolumes, snapshotName } from './take.ts';

export type SeedOptions = {
  readonly engine: Engine;
  readonly stack: string;
  readonly spec: BackupSpec;
  /** The rendered stack: in it the databases are recognised. */
  readonly compose: Stack;
  /** Any image that is on the engine, for the carrier. */
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

/** What was seeded; plain data, to be kept from stage to stage. */
export type Seeds = {
  readonly files: readonly SeededFile[];
  readonly tables: readonly SeededTable[];
  /** What should have been seeded and could not be: the data of these is `unver`. */
  readonly unseeded: readonly { readonly what: string; readonly why: string }[];
};

/** One seeded thing looked at again. */
export type SeedCheck = {
  /** `volume data` or `database db (postgres)`. */
  readonly what: string;
  readonly status: 'pass' | 'fail' | 'unver';
  readonly message: string | null;
};

/** The databases of a stack that are seeded through their own client. Pure. */
export function recognisedDatabases(stack: Stack): Database[] {
  return findDatabases(stack);
}

/**
 * Puts data of ours where a backup must save it (stages.md, Seeded data): a marker in each saved volume, inside its
 * saved paths and never in a database's own; a table in each recognised database. `token`: letters and digits.
 */
export async function seedVolumes(options: SeedOptions & { readonly token: string }): Promise<Seeds> {
  const { spec, compose, token } = options;
  const databases = recognisedDatabases(compose);
  const unseeded: { what: string; why: string }[] = [];
  const tables: SeededTable[] = [];
  for (const database of databases) {
    const table = await seedTable(database, token, options);
    if (typeof table === 'string') unseeded.push({ what: wordsForDatabase(database), why: table });
    else tables.push(table);
  }
  const theirs = new Set(databases.flatMap(({ volumes }) => volumes));
  const volumes = savedVolumes(spec).filter(({ name }) => !theirs.has(name));
  const files = await seedFiles(volumes, options, unseeded);
  return { files, tables, unseeded };
}

/** Changes every marker, changes and drops rows: what a restore must undo. Returns why some could not be, in words. */
export async function destroySeeds(seeds: Seeds, options: SeedOptions): Promise<string[]> {
  await destroyFiles(seeds.files, options);
  const reasons = await Promise.all(seeds.tables.map((table) => damageTable(table, options)));
  return reasons.filter((reason): reason is string => reason !== null);
}

/** Looks whether what was seeded is there, byte for byte (L43). */
export async function checkSeeds(seeds: Seeds, options: SeedOptions): Promise<SeedCheck[]> {
  const problems = await compareFiles(seeds.files, options);
  const files = seeds.files.map((file, index) => checkOf(`volume ${file.volume}`, problems[index] ?? null));
  const tables = await Promise.all(
    seeds.tables.map(async (table) => checkOf(wordsForDatabase(table), await compareTable(table, options))),
  );
  return [...files, ...tables, ...unseededChecks(seeds)];
}

/** Looks whether the snapshot holds what was seeded (L40, L41): markers byte for byte, tables by their name. */
export async function seedsInSnapshot(
  seeds: Seeds,
  { repository, snapshot }: { readonly repository: Repository; readonly snapshot: string },
): Promise<SeedCheck[]> {
  const words = seeds.tables.map(({ table }) => table);
  const wanted = new Set(seeds.files.map(entryOf));
  const [contents, search] = [
    await readFiles(repository.dump(snapshot, { name: snapshotName }), (entry) => wanted.has(normal(entry))),
    words.length === 0 ? null : await searchTar(repository.dump(snapshot, { name: snapshotName }), words),
  ];
  const byEntry = new Map([...contents].map(([entry, content]) => [normal(entry), content]));
  const files = seeds.files.map((file) =>
    checkOf(
      `volume ${file.volume}`,
      byEntry.get(entryOf(file)) === file.content ? null : `the snapshot does not hold ${file.path}`,
    ),
  );
  const tables = seeds.tables.map((table): SeedCheck => {
    const what = wordsForDatabase(table);
    if (search?.found.has(table.table)) return checkOf(what, null);
    const opaque = search?.opaque[0];
    if (opaque !== undefined)
      return {
        what,
        status: 'unver',
        message: `a dump of it may be in ${opaque}, which cannot be looked into`,
      };
    return checkOf(what, 'the snapshot holds no dump with the seeded table, nor its files');
  });
  return [...files, ...tables, ...unseededChecks(seeds)];
}

function unseededChecks(seeds: Seeds): SeedCheck[] {
  return seeds.unseeded.map(({ what, why }) => ({
    what,
    status: 'unver',
    message: `could not be seeded: ${why}`,
  }));
}

function checkOf(what: string, problem: string | null): SeedCheck {
  return { what, status: problem === null ? 'pass' : 'fail', message: problem };
}

function normal(entry: string): string {
  const { root, volume, path } = partsOf(entry);
  return [root, volume, path].filter(Boolean).join('/');
}

function wordsForDatabase({ service, kind }: { readonly service: string; readonly kind: string }): string {
  return `database ${service} (${kind})`;
}
