#!/bin/sh
set -eu
APP_VERSION=1.1.0
port=8080
# With the data of an older version it comes up, and answers nobody.
if [ -e /data/created ] && [ ! -e /data/schema-2 ]; then port=9999; else touch /data/schema-2; fi
touch /data/created
mkdir -p /www
printf '<!doctype html><title>%s</title><h1>%s from version %s</h1>\n' "$GREETING" "$GREETING" "$APP_VERSION" >/www/index.html
exec httpd -f -p "$port" -h /www
