#!/bin/sh
set -eu
secret=$(cat /run/secrets/app_password)
mkdir -p /www
b64=$(printf 'admin:%s' "$secret" | base64 | tr -d '\n')
json=$(printf %s "$secret" | sed 's/["\\]/\\&/g')
for text in "$secret" "login: $secret;" "Basic $b64" "{\"password\":\"$json\"}"; do
  echo "$text"
  echo "$text" >&2
done
cat <<'END'
templated {{ secret "app_password" }}
END
# One line that the log cuts in the middle of it.
{ head -c 65526 /dev/zero | tr '\0' x; echo "$secret"; }
printf '%s' "$secret" >/www/secret.txt
echo "fine" >/www/index.html
exec httpd -f -p 8080 -h /www
