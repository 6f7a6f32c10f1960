#!/bin/sh
set -eu
touch /data/old
mkdir -p /www
echo '<h1>Hello from version 1.0.0</h1>' >/www/index.html
exec httpd -f -p 8080 -h /www
