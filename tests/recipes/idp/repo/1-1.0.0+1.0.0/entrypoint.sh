#!/bin/sh
# GET /cgi-bin/client/<what>/<client>/<secret>: register and revoke with the admin's token, check with the client's.
set -eu
mkdir -p /www/cgi-bin /data/clients
echo idp >/www/index.html
cat >/www/cgi-bin/client <<'CGI'
#!/bin/sh
IFS=/ read -r _ what client secret <<END
$PATH_INFO
END
say() { printf 'Status: %s\r\nContent-Type: text/plain\r\n\r\n%s\n' "$1" "$2"; exit 0; }
token=$(cat /run/secrets/admin_token)
case "$what" in
  check) [ "$(cat "/data/clients/$client" 2>/dev/null)" = "$secret" ] && say 200 "known $client"; say 403 "unknown $client" ;;
  list) say 200 "$(ls /data/clients)" ;;
esac
[ "$secret" = "$token" ] || say 403 "not the admin"
case "$what" in
  register) head -c 16 /dev/urandom | hexdump -e '16/1 "%02x"' >"/data/clients/$client"; say 200 "$(cat "/data/clients/$client")" ;;
  revoke) rm -f "/data/clients/$client"; echo "revoked $client"  >&2; say 200 "revoked $client" ;;
esac
say 404 "what?"
CGI
chmod 755 /www/cgi-bin/client
echo serving clients
exec httpd -f -p 8080 -h /www
