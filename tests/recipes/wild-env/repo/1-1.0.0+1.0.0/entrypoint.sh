#!/bin/sh
mkdir -p /www
for name in WITH_EXPORT SPACES QUOTED SINGLE HASH EQUALS EMPTY SELF DEFAULTED URL UNICODE COMMENTED LOCAL_VERSION; do
  eval "printf '%s=%s\n' $name \"\${$name-unset}\""
done >/www/env.txt
echo fine >/www/index.html
exec httpd -f -p 8080 -h /www
