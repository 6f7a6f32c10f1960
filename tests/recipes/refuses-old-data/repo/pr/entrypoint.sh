#!/bin/sh
set -eu
APP_VERSION=1.1.0
if [ -s /data/schema ] && [ "$(cat /data/schema)" != 2 ]; then
  echo "refusing to start: the data has schema $(cat /data/schema), this version needs schema 2" >&2
  exit 1
fi
echo 2 >/data/schema
mkdir -p /www
printf '<!doctype html><title>%s</title><h1>%s from version %s</h1>\n' "$GREETING" "$GREETING" "$APP_VERSION" >/www/index.html
echo "serving version $APP_VERSION"
exec httpd -f -p 8080 -h /www
