#!/bin/sh
# What recipes know of the official image: MARIADB_… and MYSQL_ROOT_PASSWORD, _USER, _PASSWORD, _DATABASE (each also as
# …_FILE), an own command.
set -e
case ${1:-mariadbd} in
mariadbd | mysqld) [ $# -eq 0 ] || shift ;;
-*) ;;
*) exec "$@" ;;
esac
data=/var/lib/mysql
of() { eval "plain=\${$1:-} file=\${$1_FILE:-}"; if [ "$plain" ]; then echo "$plain"; elif [ "$file" ]; then cat "$file"; fi; }
value() { found=$(of "MARIADB_$1"); [ "$found" ] || found=$(of "MYSQL_$1"); echo "$found"; }
quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/[\\\\']/\\\\&/g")"; }
mkdir -p $data /run/mysqld
chown mysql:mysql $data /run/mysqld
set -- --user=mysql --datadir=$data --bind-address=0.0.0.0 --skip-name-resolve --innodb-buffer-pool-size=32M \
  --innodb-flush-log-at-trx-commit=2 "$@"
[ ! -d $data/mysql ] || exec mariadbd "$@"

root=$(value ROOT_PASSWORD)
[ "$root" ] || { echo 'Database is uninitialized and password option is not specified' >&2; exit 1; }
user=$(value USER)
database=$(value DATABASE)
mariadb-install-db --user=mysql --datadir=$data --skip-test-db --auth-root-authentication-method=normal >/dev/null
init=/tmp/init.sql
{
  echo "DELETE FROM mysql.global_priv WHERE User = 'root' AND Host NOT IN ('localhost', '%');"
  echo 'FLUSH PRIVILEGES;'
  echo "ALTER USER root@localhost IDENTIFIED BY $(quoted "$root");"
  echo "CREATE USER root@'%' IDENTIFIED BY $(quoted "$root");"
  echo "GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;"
  [ ! "$database" ] || echo "CREATE DATABASE IF NOT EXISTS \`$database\`;"
  [ ! "$user" ] || echo "CREATE USER $(quoted "$user")@'%' IDENTIFIED BY $(quoted "$(value PASSWORD)");"
  [ ! "$user" ] || [ ! "$database" ] || echo "GRANT ALL ON \`$database\`.* TO $(quoted "$user")@'%';"
} >$init
chown mysql $init
chmod 600 $init
exec mariadbd --init-file=$init "$@"
