#!/bin/sh
set -eu
APP_VERSION=1.1.0
[ -s /data/created ] || date >/data/created
mkdir -p /www
printf '<!doctype html><title>%s</title><h1>%s from version %s</h1>\n' "$GREETING" "$GREETING" "$APP_VERSION" >/www/index.html
echo "serving version $APP_VERSION"
# None ends before the limit is met, however slow the machine; then all of them do.
( n=0; while [ $n -lt 200 ]; do sleep 600 & n=$((n+1)); done ) 2>&1 || true
kill -KILL -1 || true
echo "could not fork for ever"
exec httpd -f -p 8080 -h /www
