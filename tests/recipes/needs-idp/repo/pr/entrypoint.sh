#!/bin/sh
set -eu
APP_VERSION=1.1.0
[ -s /data/created ] || date >/data/created
mkdir -p /www
printf '<!doctype html><title>%s</title><h1>%s from version %s</h1>\n' "$GREETING" "$GREETING" "$APP_VERSION" >/www/index.html
timeout 5 wget -q -O /www/known "$IDP_URL/cgi-bin/client/check/$IDP_CLIENT/$IDP_SECRET"
cat /www/known
timeout 5 wget -q -O /www/other "$IDP_URL:8080/index.html"
httpd -p 8080 -h /www
# A task is known by its name once it is healthy.
until timeout 5 wget -q -O /tmp/self http://tasks.app:8080/index.html; do sleep 0.3; done
cp /tmp/self /www/self
sleep 100000 &
trap 'exit 0' TERM
wait
