import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from '../swarm/engine.ts';
import { execInContainer } from '../swarm/exec.ts';
import { serviceContainers } from '../swarm/tasks.ts';
import type { Database, DatabaseKind } from './databases.ts';

export type DatabaseOptions = {
  readonly engine: Engine;
  readonly stack: string;
  readonly signal: AbortSignal;
  /** How long a server that does not accept connections is waited for; 60 s unless told. */
  readonly acceptMs?: number;
};

export type SqlResult = {
  /** Why the statement did not run, in words. */
  readonly error: string | null;
  readonly output: string;
};

const clientMs = 60_000;
const defaultAcceptMs = 60_000;
/** A first start creates its users one after the other, so a refusal may not be the last word. */
const refusedMs = 4_000;
const betweenMs = 250;
/** Of the scripts below: nobody could be reached or logged in as. */
const notConnected = 75;

/**
 * Runs SQL in a database through its container's own client, as its image's variables say. A server that still starts
 * is waited for: that a service is up says nothing of its database where the recipe has no healthcheck.
 */
export async function runSql(
  database: Pick<Database, 'service' | 'kind'>,
  sql: string,
  options: DatabaseOptions,
): Promise<SqlResult> {
  const { signal, acceptMs = defaultAcceptMs } = options;
  const begun = performance.now();
  for (;;) {
    const { exitCode, words, output } = await callClient(database, sql, options);
    if (exitCode === 0) return { error: null, output };
    const limitMs = isRefusal(words) ? Math.min(refusedMs, acceptMs) : acceptMs;
    if (exitCode !== notConnected || performance.now() - begun >= limitMs) {
      return { error: `its client failed (${words === '' ? `exit ${exitCode}` : words})`, output };
    }
    await pause(betweenMs, undefined, { signal });
  }
}

type Call = { readonly exitCode: number; readonly words: string; readonly output: string };

async function callClient(
  { service, kind }: Pick<Database, 'service' | 'kind'>,
  sql: string,
  { engine, stack, signal }: DatabaseOptions,
): Promise<Call> {
  const [task] = await serviceContainers(engine, stack, service);
  if (task === undefined) return { exitCode: notConnected, words: `no task of ${service} runs`, output: '' };
  const argv = ['sh', '-c', `${readVariable}\n${clients[kind]}`, 'sh', sql];
  const { exitCode, stdout, stderr, isTimedOut } = await execInContainer(engine, task.container, argv, {
    timeoutMs: clientMs,
    signal,
  });
  if (isTimedOut) return { exitCode, words: `no answer within ${clientMs / 1000} s`, output: '' };
  const lines = `${stderr.trim() || stdout.trim()}`.split('\n');
  const telling = lines.find((line) => /error|fatal/i.test(line)) ?? lines.at(-1) ?? '';
  return { exitCode, words: telling.trim().slice(0, 300), output: stdout };
}

function isRefusal(words: string): boolean {
  return /denied|authentication|password|does not exist|unknown database/i.test(words);
}

/** `v A B`: the first of these variables that has a value, or whose `…_FILE` has. */
const readVariable = `v() { for n; do eval "x=\\\${$n:-}; f=\\\${\${n}_FILE:-}"
  if [ -z "$x" ] && [ -n "$f" ]; then x=$(cat "$f"); fi
  if [ -n "$x" ]; then printf %s "$x"; return; fi; done; }`;

/** The socket first, then loopback. The first failure is the one that says why. */
const clients: Readonly<Record<DatabaseKind, string>> = {
  postgres: `command -v psql >/dev/null || { echo 'there is no psql in its container' >&2; exit 127; }
U=$(v POSTGRES_USER POSTGRESQL_USERNAME); U=\${U:-postgres}
D=$(v POSTGRES_DB POSTGRESQL_DATABASE); D=\${D:-$U}
PGPASSWORD=$(v POSTGRES_PASSWORD POSTGRESQL_PASSWORD); export PGPASSWORD
q() { psql -w -X -q -A -t -v ON_ERROR_STOP=1 -U "$U" -d "$D" -c "$1"; }
E=$(q 'select 1' 2>&1 >/dev/null) || {
  export PGHOST=127.0.0.1
  q 'select 1' >/dev/null 2>&1 || { echo "$E" | sed -n 1p >&2; exit ${notConnected}; }
}
q "$1"`,
  mysql: `C=$(command -v mariadb || command -v mysql) || { echo 'there is no mariadb or mysql in its container' >&2; exit 127; }
F=
q() { "$C" $H -N -B -u "$U" \${D:+"$D"} -e "$1"; }
as() { U=$1 D=; MYSQL_PWD=$2; export MYSQL_PWD
  for H in '' '-h 127.0.0.1'; do E=$(q 'select 1' 2>&1 >/dev/null) && return; F=\${F:-$E}; done; return 1; }
R=$(v MARIADB_ROOT_PASSWORD MYSQL_ROOT_PASSWORD); N=$(v MARIADB_USER MYSQL_USER)
{ [ -n "$R" ] && as root "$R"; } || { [ -n "$N" ] && as "$N" "$(v MARIADB_PASSWORD MYSQL_PASSWORD)"; } ||
  as root '' || { echo "$F" >&2; exit ${notConnected}; }
S=$(v MARIADB_DATABASE MYSQL_DATABASE)
[ -n "$S" ] || S=$(q 'show databases' | grep -Ev '^(information_schema|performance_schema|mysql|sys)$' | sed -n 1p)
[ -n "$S" ] || { S=ccci_seed; q "create database $S" || exit; }
D=$S
q "$1"`,
};
