#!/bin/sh
# What recipes know of the official image: POSTGRES_USER, _PASSWORD, _DB (each also as …_FILE), PGDATA, an own command.
set -e
[ "${1:-postgres}" = postgres ] || [ "${1#-}" != "$1" ] || exec "$@"
[ "$1" != postgres ] || shift
PGDATA=${PGDATA:-/var/lib/postgresql/data}
export PGDATA
value() { eval "plain=\${$1:-} file=\${$1_FILE:-}"; if [ "$plain" ]; then echo "$plain"; elif [ "$file" ]; then cat "$file"; fi; }
as_postgres() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
mkdir -p "$PGDATA" /run/postgresql
chown postgres:postgres "$PGDATA" /run/postgresql
chmod 700 "$PGDATA"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=$(value POSTGRES_USER)
  user=${user:-postgres}
  database=$(value POSTGRES_DB)
  password=$(value POSTGRES_PASSWORD)
  [ "$password" ] || { echo 'Error: Database is uninitialized and superuser password is not specified.' >&2; exit 1; }
  printf '%s\n' "$password" >/tmp/password
  chown postgres /tmp/password
  as_postgres initdb -N -D "$PGDATA" -U "$user" --pwfile=/tmp/password -A trust -E UTF8 --locale=C.UTF-8 $POSTGRES_INITDB_ARGS >/dev/null
  rm /tmp/password
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  if [ "${database:-$user}" != postgres ]; then
    echo "create database \"${database:-$user}\"" | as_postgres postgres --single -j -D "$PGDATA" postgres >/dev/null
  fi
fi
# A killed container leaves the page cache, so fsync would only cost time here.
exec setpriv --reuid=postgres --regid=postgres --clear-groups \
  postgres -c listen_addresses='*' -c jit=off -c fsync=off -c shared_buffers=16MB "$@"
