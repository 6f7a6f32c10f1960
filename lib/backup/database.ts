import { createHash } from 'node:crypto';
import { type Service, type Stack, services } from '../recipe/compose.ts';
import type { Engine } from '../swarm/engine.ts';
import { execInContainer } from '../swarm/exec.ts';
import { serviceContainers } from '../swarm/tasks.ts';

export type DatabaseKind = 'postgres' | 'mysql';

export type Database = {
  readonly service: string;
  readonly kind: DatabaseKind;
  /** Its own volumes (keys in compose): no file of ours goes there. */
  readonly volumes: readonly string[];
};

/** A table of ours in a recipe's database. */
export type SeededTable = {
  readonly service: string;
  readonly kind: DatabaseKind;
  readonly table: string;
  /** SHA-256 of all rows in order, as the client prints them. */
  readonly checksum: string;
};

export type DatabaseOptions = {
  readonly engine: Engine;
  readonly stack: string;
  readonly signal: AbortSignal;
};

const rows = 40;
const clientMs = 60_000;

const signs: readonly {
  readonly kind: DatabaseKind;
  readonly image: RegExp;
  readonly folder: RegExp;
  readonly variable: RegExp;
}[] = [
  {
    kind: 'postgres',
    image: /^(?:postgres|postgresql|pgvector|postgis|timescaledb|pgautoupgrade|pgvecto-rs|pg)$/,
    folder: /^(?:\/var\/lib\/postgresql|\/bitnami\/postgresql)(?:\/|$)/,
    variable: /^POSTGRES_INITDB_ARGS$/,
  },
  {
    kind: 'mysql',
    image: /^(?:mariadb|mysql|mysql-server|percona|percona-server|maria)$/,
    folder: /^(?:\/var\/lib\/mysql|\/bitnami\/(?:mariadb|mysql))(?:\/|$)/,
    variable: /^(?:MYSQL|MARIADB)_ROOT_PASSWORD(?:_FILE)?$/,
  },
];

/** PostgreSQL, MariaDB and MySQL services of a stack: by image, by data folder, by a variable that only a server reads. Pure. */
export function findDatabases(stack: Stack): Database[] {
  return services(stack).flatMap(([service, definition]) => {
    const kind = kindOf(definition);
    if (kind === null) return [];
    const volumes = (definition.volumes ?? []).flatMap(({ type, source }) =>
      type === 'volume' && source ? [source] : [],
    );
    return [{ service, kind, volumes }];
  });
}

/** Puts a table with rows into a database; the words why not, where it cannot be done. */
export async function seedTable(
  database: Pick<Database, 'service' | 'kind'>,
  token: string,
  options: DatabaseOptions,
): Promise<SeededTable | string> {
  const { service, kind } = database;
  const table = `ccci_seed_${token}`;
  const values = Array.from({ length: rows }, (_, index) => `(${index}, '${wordOf(token, index)}')`).join(
    ', ',
  );
  const made = await runSql(
    database,
    `create table ${table} (id integer primary key, word varchar(64)); insert into ${table} values ${values};`,
    options,
  );
  if (made.error !== null) return made.error;
  const read = await readTable({ service, kind, table }, options);
  if (read.error !== null) return read.error;
  return { service, kind, table, checksum: read.checksum };
}

/** Changes half of the rows and drops the other half; null when done, else why not. */
export async function damageTable(
  { service, kind, table }: SeededTable,
  options: DatabaseOptions,
): Promise<string | null> {
  const sql = `update ${table} set word = 'destroyed' where id % 2 = 0; delete from ${table} where id % 2 = 1;`;
  return (await runSql({ service, kind }, sql, options)).error;
}

/** Whether the rows are as they were seeded; null when so, else what is different. */
export async function compareTable(seeded: SeededTable, options: DatabaseOptions): Promise<string | null> {
  const read = await readTable(seeded, options);
  if (read.error !== null) return read.error;
  if (read.checksum === seeded.checksum) return null;
  return `the table ${seeded.table} has ${read.count} of ${rows} rows, and not all as they were written`;
}

async function readTable({ service, kind, table }: Omit<SeededTable, 'checksum'>, options: DatabaseOptions) {
  const { error, output } = await runSql(
    { service, kind },
    `select id, word from ${table} order by id;`,
    options,
  );
  const lines = output.split('\n').filter((line) => line !== '');
  return {
    error,
    count: lines.length,
    checksum: createHash('sha256').update(lines.join('\n')).digest('hex'),
  };
}

async function runSql(
  { service, kind }: Pick<Database, 'service' | 'kind'>,
  sql: string,
  { engine, stack, signal }: DatabaseOptions,
): Promise<{ readonly error: string | null; readonly output: string }> {
  const [task] = await serviceContainers(engine, stack, service);
  if (task === undefined) return { error: `no task of ${service} runs`, output: '' };
  const argv = ['sh', '-c', `${readVariable}\n${clients[kind]}`, 'sh', sql];
  const { exitCode, stdout, stderr } = await execInContainer(engine, task.container, argv, {
    timeoutMs: clientMs,
    signal,
  });
  const lastLine = `${stderr.trim() || stdout.trim()}`.split('\n').at(-1) ?? '';
  return {
    error:
      exitCode === 0 ? null : `the client in ${service} failed (exit ${exitCode}: ${lastLine.slice(0, 300)})`,
    output: stdout,
  };
}

/** `v A B`: the first of these variables that has a value, or whose `…_FILE` has. */
const readVariable = `v() { for n; do eval "x=\\\${$n:-}; f=\\\${\${n}_FILE:-}"
  if [ -z "$x" ] && [ -n "$f" ]; then x=$(cat "$f"); fi
  if [ -n "$x" ]; then printf %s "$x"; return; fi; done; }`;

/** Through the database's own client, with what its image's variables say; the socket first, then loopback. */
const clients: Readonly<Record<DatabaseKind, string>> = {
  postgres: `U=$(v POSTGRES_USER POSTGRESQL_USERNAME); U=\${U:-postgres}
D=$(v POSTGRES_DB POSTGRESQL_DATABASE); D=\${D:-$U}
PGPASSWORD=$(v POSTGRES_PASSWORD POSTGRESQL_PASSWORD); export PGPASSWORD
q() { psql -X -q -A -t -v ON_ERROR_STOP=1 -U "$U" -d "$D" -c "$1"; }
q 'select 1' >/dev/null 2>&1 || export PGHOST=127.0.0.1
q "$1"`,
  mysql: `C=$(command -v mariadb || command -v mysql) || { echo 'no mariadb or mysql client' >&2; exit 127; }
D=$(v MYSQL_DATABASE MARIADB_DATABASE)
MYSQL_PWD=$(v MYSQL_ROOT_PASSWORD MARIADB_ROOT_PASSWORD); U=root
[ -n "$MYSQL_PWD" ] || { U=$(v MYSQL_USER MARIADB_USER); MYSQL_PWD=$(v MYSQL_PASSWORD MARIADB_PASSWORD); }
export MYSQL_PWD; H=
q() { "$C" $H -N -B -u "$U" \${D:+"$D"} -e "$1"; }
q 'select 1' >/dev/null 2>&1 || H='-h 127.0.0.1'
q "$1"`,
};

function kindOf({ image = '', environment = {}, volumes = [] }: Service): DatabaseKind | null {
  const name = (image.split('@')[0] ?? '').split('/').at(-1)?.split(':')[0] ?? '';
  const found = signs.find(
    (sign) =>
      sign.image.test(name) ||
      volumes.some(({ target }) => sign.folder.test(target)) ||
      Object.keys(environment).some((variable) => sign.variable.test(variable)),
  );
  return found?.kind ?? null;
}

function wordOf(token: string, index: number): string {
  return createHash('sha256').update(`${token} ${index}`).digest('hex').slice(0, 40);
}
