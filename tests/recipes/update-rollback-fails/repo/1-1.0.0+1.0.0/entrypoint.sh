#!/bin/sh
set -eu
if [ -e /data/new ]; then
  echo "the data is of a newer version"
  exit 5
fi
touch /data/old
mkdir -p /www
echo '<h1>Hello from version 1.0.0</h1>' >/www/index.html
exec httpd -f -p 8080 -h /www
