#!/bin/sh
set -eu
APP_VERSION=1.0.0
mkdir -p /www
printf '<h1>Hello from version %s</h1>\n' "$APP_VERSION" >/www/index.html
echo "$DOMAIN" >/www/id
: >/www/foreign
: >/www/asked
# Each name is asked for over and over: who answers must be of this stack.
ask() {
  while :; do
    for name in app peer tasks.app tasks.peer; do
      id=$(timeout 2 wget -q -O - "http://$name:8080/id" 2>/dev/null) || continue
      if [ "$id" = "$DOMAIN" ]; then echo "$name" >>/www/asked; else echo "$name $id" >>/www/foreign; fi
    done
    usleep 200000
  done
}
ask &
echo "serving version $APP_VERSION"
exec httpd -f -p 8080 -h /www
