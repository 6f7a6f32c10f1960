#!/bin/sh
set -eu
APP_VERSION=1.0.0
mkdir -p /www/cgi-bin
cat >/www/cgi-bin/note <<'NOTE'
#!/bin/sh
printf 'Content-Type: text/plain\r\n\r\n'
[ "$REQUEST_METHOD" != POST ] || cat >/data/note
cat /data/note
NOTE
chmod 755 /www/cgi-bin/note
printf '<!doctype html><title>%s</title><h1>%s from version %s</h1>\n' "$GREETING" "$GREETING" "$APP_VERSION" >/www/index.html
echo "serving version $APP_VERSION"
exec httpd -f -p 8080 -h /www
