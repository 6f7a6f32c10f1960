#!/bin/sh
set -eu
APP_VERSION=1.0.0
until nc -w 1 db 5432 </dev/null >/dev/null 2>&1; do
  echo "waiting for the database"
  sleep 0.3
done
[ -s /data/created ] || date >/data/created
mkdir -p /www
printf '<!doctype html><title>%s</title><h1>%s from version %s</h1>\n' "$GREETING" "$GREETING" "$APP_VERSION" >/www/index.html
echo "serving version $APP_VERSION"
exec httpd -f -p 8080 -h /www
