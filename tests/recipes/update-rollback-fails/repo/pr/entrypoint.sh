#!/bin/sh
# On old data the first task makes it new and serves, the second one fails: Swarm then takes the first one back.
set -eu
if [ -e /data/old ] && ! mkdir /data/new 2>/dev/null; then
  echo "cannot read the old data"
  exit 3
fi
mkdir -p /www
echo '<h1>Hello from version 1.1.0</h1>' >/www/index.html
exec httpd -f -p 8080 -h /www
