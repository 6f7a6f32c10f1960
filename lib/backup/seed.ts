import type { BackupSpec } from '../recipe/backup-labels.ts';
import type { Stack } from '../recipe/compose.ts';
import type { Engine } from '../swarm/engine.ts';
import { findDatabases, findRunningDatabases } from './databases.ts';
import { compareFiles, destroyFiles, type SeededFile, seedFiles } from './markers.ts';
import { compareTable, damageTable, type SeededTable, seedTable } from './tables.ts';
import { savedVolumes } from './take.ts';

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
  /** How long a database that does not accept connections is waited for; 60 s unless told. */
  readonly acceptMs?: number;
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
  /** `skip`: nothing can be said here, and a restore shows it. */
  readonly status: 'pass' | 'fail' | 'unver' | 'skip';
  readonly message: string | null;
};

/**
 * Puts data of ours where a backup must save it (stages.md, Seeded data): a marker in each saved volume, inside its
 * saved paths and never in a database's own; a table in each recognised database, unless a hook seeds them
 * (`withTables` false). `token`: letters and digits.
 */
export async function seedVolumes(
  options: SeedOptions & { readonly token: string; readonly withTables?: boolean },
): Promise<Seeds> {
  const { spec, compose, token, withTables = true } = options;
  const databases = withTables ? await findRunningDatabases(compose, options) : findDatabases(compose);
  const unseeded: { what: string; why: string }[] = [];
  const tables: SeededTable[] = [];
  for (const database of withTables ? databases : []) {
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
  const reasons = await Promise.all(
    seeds.tables.map(async (table) => {
      const reason = await damageTable(table, options);
      return reason === null ? [] : [`${wordsForDatabase(table)}: ${reason}`];
    }),
  );
  return reasons.flat();
}

/** Looks whether what was seeded is there, byte for byte (L43). */
export async function checkSeeds(seeds: Seeds, options: SeedOptions): Promise<SeedCheck[]> {
  const problems = await compareFiles(seeds.files, options);
  const files = seeds.files.map((file, index) => checkOf(wordsForVolume(file), problems[index] ?? null));
  const tables = await Promise.all(
    seeds.tables.map(async (table) => checkOf(wordsForDatabase(table), await compareTable(table, options))),
  );
  return [...files, ...tables, ...unseededChecks(seeds)];
}

/** What could not be seeded is never proven. */
export function unseededChecks(seeds: Seeds): SeedCheck[] {
  return seeds.unseeded.map(({ what, why }) => ({
    what,
    status: 'unver',
    message: `could not be seeded: ${why}`,
  }));
}

export function checkOf(what: string, problem: string | null): SeedCheck {
  return { what, status: problem === null ? 'pass' : 'fail', message: problem };
}

export function wordsForVolume({ name }: { readonly name: string }): string {
  return `volume ${name}`;
}

export function wordsForDatabase({
  service,
  kind,
}: {
  readonly service: string;
  readonly kind: string;
}): string {
  return `database ${service} (${kind})`;
}
