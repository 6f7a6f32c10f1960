#!/bin/sh
set -eu
APP_VERSION=1.1.0
[ -s /data/created ] || date >/data/created
# It never comes to serve: what it writes is all that happens.
while :; do
  dd if=/dev/zero bs=1M count=20 2>/dev/null >>/data/filling
  sleep 0.2
done
