#!/bin/sh
set -eu
APP_VERSION=1.1.0
# A migration that begins from nothing.
[ -e /data/schema-2 ] || rm -rf /data/*
touch /data/schema-2
mkdir -p /www
printf '<!doctype html><title>%s</title><h1>%s from version %s</h1>\n' "$GREETING" "$GREETING" "$APP_VERSION" >/www/index.html
exec httpd -f -p 8080 -h /www
