#!/bin/sh
timeout 3 wget -q -O /dev/null http://db/ || { echo "no database yet"; exit 1; }
mkdir -p /www
echo '<h1>connected</h1>' >/www/index.html
exec httpd -f -p 8080 -h /www
