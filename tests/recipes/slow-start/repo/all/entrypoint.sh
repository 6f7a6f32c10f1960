#!/bin/sh
sleep 6
mkdir -p /www
echo '<h1>awake</h1>' >/www/index.html
exec httpd -f -p 8080 -h /www
