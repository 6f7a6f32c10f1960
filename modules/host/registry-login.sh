#!/usr/bin/env bash
# Writes config.json of DOCKER_CONFIG from the credentials of the unit: each file `registry-…` holds a line
# `REGISTRY USER` and then the password. Without any there is no login. Nothing is asked of the registry.
set -euo pipefail
umask 077
mkdir -p "$DOCKER_CONFIG"
rm -f "$DOCKER_CONFIG/config.json"
shopt -s nullglob
auths=
for file in "${CREDENTIALS_DIRECTORY:-/nonexistent}"/registry-*; do
  { read -r registry user; password=$(cat); } <"$file"
  [ -n "$registry" ] && [ -n "$user" ] && [ -n "$password" ] || {
    echo "registry-login: a login file has to hold a line \"REGISTRY USER\" and then the password" >&2
    exit 78
  }
  auth=$(printf '%s:%s' "$user" "$password" | base64 -w0)
  auths="$auths${auths:+,}\"$registry\":{\"auth\":\"$auth\"}"
done
[ -z "$auths" ] || printf '{"auths":{%s}}\n' "$auths" >"$DOCKER_CONFIG/config.json"
