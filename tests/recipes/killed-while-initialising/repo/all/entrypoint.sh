#!/bin/sh
# As a database does: what its first start leaves half made no later start can use.
set -eu
if [ -e /data/initialising ]; then
  echo "the data directory is half made"
  exit 1
fi
if [ ! -e /data/ready ]; then
  touch /data/initialising
  sleep 30
  mv /data/initialising /data/ready
fi
mkdir -p /www
echo '<h1>ready</h1>' >/www/index.html
exec httpd -f -p 8080 -h /www
