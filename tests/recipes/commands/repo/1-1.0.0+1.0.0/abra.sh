export APP_ENTRYPOINT_VERSION=v1

create_admin() {
  echo "$1" >/www/admin
  echo "created the $1 at $APP_NAME in $TARGET"
}

second () {
  test -e /www/admin
}

function migrate() {
  echo migrated
}
