#!/bin/sh
set -eu
[ -s /data/created ] || date >/data/created
mkdir -p /www/secrets
cp /run/secrets/* /www/secrets
printf %s "$ADMIN_PASSWORD" >/www/secrets/admin
for name in app_password api_token admin; do
  secret=$(cat /www/secrets/$name)
  b64=$(printf %s "$secret" | base64 | tr -d '\n')
  basic=$(printf 'admin:%s' "$secret" | base64 | tr -d '\n')
  json=$(printf %s "$secret" | sed 's/["\\]/\\&/g')
  shell=$(printf %s "$secret" | sed "s/'/'\\\\''/g")
  url=$(printf %s "$secret" | od -An -v -tx1 | tr -d '\n' | sed 's/ /%/g')
  for text in "$secret" "a${secret}b" "$b64" "Basic $basic" "{\"password\":\"$json\"}" "export P='$shell'" "https://admin:$url@host/"; do
    echo "$text"
    echo "$text" >&2
  done
  # Two writes, and one line that the log cuts in the middle of it.
  printf %s "${secret%??????????}"; sleep 0.2; echo "${secret#"${secret%??????????}"}"
  { head -c 65526 /dev/zero | tr '\0' x; echo "$secret"; }
done
printf '<!doctype html><title>%s</title><h1>%s from version 2</h1>\n' "$GREETING" "$GREETING" >/www/index.html
exec httpd -f -p 8080 -h /www
