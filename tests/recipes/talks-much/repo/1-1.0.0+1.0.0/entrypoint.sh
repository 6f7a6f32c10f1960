#!/bin/sh
set -eu
APP_VERSION=1.0.0
mkdir -p /www
printf '<!doctype html><title>%s</title><h1>%s from version %s</h1>\n' "$GREETING" "$GREETING" "$APP_VERSION" >/www/index.html
# 100 MB in lines of 100 bytes: what a service says must not fill the memory of who listens.
yes "$(printf "%099d" 0)" | head -c 100000000
echo "serving version $APP_VERSION"
exec httpd -f -p 8080 -h /www
