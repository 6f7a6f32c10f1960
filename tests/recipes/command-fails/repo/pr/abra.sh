export APP_ENTRYPOINT_VERSION=v2

create_admin() {
  echo "no such table" >&2
  return 4
}
