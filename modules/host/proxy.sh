#!/usr/bin/env bash
# Brings the proxy to what its stack file and the certificate files say; run again it changes only what differs.
# Environment: CCCI_PROXY_STACK (the stack file), CCCI_PROXY_NAME; credentials `certificate` and `key`.
set -euo pipefail
: "${CREDENTIALS_DIRECTORY:?}"
# Secrets of a swarm never change: a renewed certificate is another one, named after its content.
version=$(cat "$CREDENTIALS_DIRECTORY/certificate" "$CREDENTIALS_DIRECTORY/key" | sha256sum | cut -c1-12)
export CCCI_CERTIFICATE=$CREDENTIALS_DIRECTORY/certificate CCCI_KEY=$CREDENTIALS_DIRECTORY/key CCCI_VERSION=$version
docker stack deploy --detach=true --with-registry-auth --prune -c "$CCCI_PROXY_STACK" "$CCCI_PROXY_NAME"
# What an earlier certificate was; one that still is in use refuses to go, and goes the next time.
docker secret ls --filter "label=ccci.proxy=$CCCI_PROXY_NAME" --format '{{.Name}}' |
  { grep -v -- "-$version\$" || true; } | while read -r old; do docker secret rm "$old" >/dev/null 2>&1 || true; done
