#!/bin/sh
set -eu
if [ -e /data/old ]; then
  echo "cannot read the old data"
  exit 3
fi
mkdir -p /www
echo '<h1>Hello from version 1.1.0</h1>' >/www/index.html
exec httpd -f -p 8080 -h /www
