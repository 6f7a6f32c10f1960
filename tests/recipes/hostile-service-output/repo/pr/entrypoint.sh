#!/bin/sh
set -eu
APP_VERSION=1.1.0
[ -s /data/created ] || date >/data/created
mkdir -p /www
printf '<!doctype html><title>%s</title><h1>%s from version %s</h1>\n' "$GREETING" "$GREETING" "$APP_VERSION" >/www/index.html
echo "serving version $APP_VERSION"
( while :; do yes "a service that writes this line without end" | head -c 2000000; sleep 1; done ) &
exec httpd -f -p 8080 -h /www
