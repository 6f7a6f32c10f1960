#!/usr/bin/env bash
# Brings the proxy to what its stack file and the certificate files say; run again it changes only what differs.
# Environment: CCCI_PROXY_STACK (the stack file), CCCI_PROXY_NAME, CCCI_PROXY_DOMAIN; credentials `certificate`, `key`.
set -euo pipefail
: "${CREDENTIALS_DIRECTORY:?}"
certificate=$CREDENTIALS_DIRECTORY/certificate
key=$CREDENTIALS_DIRECTORY/key

fail() {
  echo "ccci-proxy: $1" >&2
  exit 78
}

# Nothing that Traefik could not serve takes the place of what it serves now.
[ -r "$certificate" ] || fail 'proxy.certificateFile cannot be read: a PEM file with the certificate and its chain is needed'
[ -r "$key" ] || fail 'proxy.keyFile cannot be read: a PEM file with the key of the certificate is needed'
of_certificate=$(openssl x509 -in "$certificate" -noout -pubkey 2>/dev/null) ||
  fail 'proxy.certificateFile is no certificate in PEM form: it has to begin with -----BEGIN CERTIFICATE-----'
of_key=$(openssl pkey -in "$key" -passin pass: -pubout 2>/dev/null) ||
  fail 'proxy.keyFile is no key in PEM form, or one that asks for a password: it has to hold -----BEGIN … PRIVATE KEY-----'
[ "$of_certificate" = "$of_key" ] ||
  fail 'the key of proxy.keyFile is not that of the certificate in proxy.certificateFile: the first certificate of the file has to be your own, and both have to be of one renewal'
name=any.$CCCI_PROXY_DOMAIN
[[ $(openssl x509 -in "$certificate" -noout -checkhost "$name") == *' does match '* ]] ||
  echo "ccci-proxy: warning: the certificate is not one of *.$CCCI_PROXY_DOMAIN: runs will be found to be insecure" >&2
openssl x509 -in "$certificate" -noout -checkend 0 >/dev/null ||
  echo "ccci-proxy: warning: the certificate is past its date ($(openssl x509 -in "$certificate" -noout -enddate))" >&2

# Secrets of a swarm never change: a renewed certificate is another one, named after its content.
version=$(cat "$certificate" "$key" | sha256sum | cut -c1-12)
export CCCI_CERTIFICATE=$certificate CCCI_KEY=$key CCCI_VERSION=$version
docker stack deploy --detach=true --with-registry-auth --prune -c "$CCCI_PROXY_STACK" "$CCCI_PROXY_NAME"
# What an earlier certificate was; one that still is in use refuses to go, and goes the next time.
docker secret ls --filter "label=ccci.proxy=$CCCI_PROXY_NAME" --format '{{.Name}}' |
  { grep -v -- "-$version\$" || true; } | while read -r old; do docker secret rm "$old" >/dev/null 2>&1 || true; done
