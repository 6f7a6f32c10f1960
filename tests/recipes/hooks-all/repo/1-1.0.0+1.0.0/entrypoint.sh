#!/bin/sh
set -eu
APP_VERSION=1.0.0
[ -s /data/created ] || date >/data/created
mkdir -p /www
printf '<!doctype html><title>%s</title><h1>%s from version %s</h1>\n' "$GREETING" "$GREETING" "$APP_VERSION" >/www/index.html
# Ready from the second question on.
mkdir /www/cgi-bin
cat >/www/cgi-bin/ready <<'END'
#!/bin/sh
mkdir /tmp/asked 2>/dev/null && printf 'Status: 404 Not Found\r\n'
printf 'Content-Type: text/plain\r\n\r\n'
END
chmod +x /www/cgi-bin/ready
exec httpd -f -p 8080 -h /www
