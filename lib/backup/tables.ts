import { createHash } from 'node:crypto';
import { type DatabaseOptions, runSql } from './database-client.ts';
import type { Database, DatabaseKind } from './databases.ts';

/** A table of ours in a recipe's database. */
export type SeededTable = {
  readonly service: string;
  readonly kind: DatabaseKind;
  /** With the server's own files (keys in compose). */
  readonly volumes: readonly string[];
  readonly table: string;
  /** SHA-256 of all rows in order, as the client prints them. */
  readonly checksum: string;
};

const rows = 40;
/** Rows that are looked for in a snapshot: in a copy of the server's files one may be cut by a page's border. */
const looked = [0, 13, 26, rows - 1];

/** Puts a table with rows into a database; the words why not, where it cannot be done. */
export async function seedTable(
  database: Database,
  token: string,
  options: DatabaseOptions,
): Promise<SeededTable | string> {
  const table = `ccci_seed_${token}`;
  const values = Array.from({ length: rows }, (_, index) => `(${index}, '${wordOf(table, index)}')`);
  const made = await runSql(
    database,
    `create table ${table} (id integer primary key, word varchar(64)); insert into ${table} values ${values.join(', ')};`,
    options,
  );
  if (made.error !== null) return made.error;
  const read = await readTable({ ...database, table }, options);
  return read.error ?? { ...database, table, checksum: read.checksum };
}

/** Changes half of the rows and drops the other half; null when done, else why not. */
export async function damageTable(seeded: SeededTable, options: DatabaseOptions): Promise<string | null> {
  const { table } = seeded;
  const sql = `update ${table} set word = 'destroyed' where id % 2 = 0; delete from ${table} where id % 2 = 1;`;
  return (await runSql(seeded, sql, options)).error;
}

/** Whether the rows are as they were seeded; null when so, else what is different. */
export async function compareTable(seeded: SeededTable, options: DatabaseOptions): Promise<string | null> {
  const read = await readTable(seeded, options);
  if (read.error !== null) {
    return /does not exist|doesn't exist/.test(read.error)
      ? `the table ${seeded.table} is gone`
      : `the table ${seeded.table} cannot be read: ${read.error}`;
  }
  if (read.checksum === seeded.checksum) return null;
  return `the table ${seeded.table} has ${read.count} of ${rows} rows, and not all as they were written`;
}

/** Contents of rows that a dump of the table has to hold, the last row's last. Pure. */
export function wordsOf({ table }: Pick<SeededTable, 'table'>): string[] {
  return looked.map((index) => wordOf(table, index));
}

async function readTable(seeded: Omit<SeededTable, 'checksum'>, options: DatabaseOptions) {
  const { table } = seeded;
  const sql = `select id, word from ${table} order by id;`;
  const { error, output } = await runSql(seeded, sql, options);
  const lines = output.split('\n').filter((line) => line !== '');
  const checksum = createHash('sha256').update(lines.join('\n')).digest('hex');
  return { error, count: lines.length, checksum };
}

function wordOf(table: string, index: number): string {
  return createHash('sha256').update(`${table} ${index}`).digest('hex').slice(0, 40);
}
