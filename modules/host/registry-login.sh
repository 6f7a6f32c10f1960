#!/usr/bin/env bash
# Writes config.json of DOCKER_CONFIG from the credentials of the unit: each file `registry-…` holds a line
# `REGISTRY USER` and then the password. Without any there is no login. Nothing is asked of the registry, so that one that
# is away keeps no run from starting that does not need it: a pull tells. Passwords are in no argument and no message.
set -euo pipefail
umask 077
mkdir -p "$DOCKER_CONFIG"
rm -f "$DOCKER_CONFIG/config.json"
shopt -s nullglob

fail() {
  echo "registry-login: ${1##*/registry-}: $2" >&2
  exit 78
}

auths=
for file in "${CREDENTIALS_DIRECTORY:-/nonexistent}"/registry-*; do
  text=$(tr -d '\r' <"$file") || fail "$file" 'the login file cannot be read'
  # No `read` from a string: bash would put it into a file.
  [[ $text =~ ^([^[:space:]]+)[[:blank:]]+([^[:space:]]+)[[:blank:]]*$'\n'(.+)$ ]] ||
    fail "$file" 'a login file has to hold a line "REGISTRY USER" and then the password'
  registry=${BASH_REMATCH[1]} user=${BASH_REMATCH[2]} password=${BASH_REMATCH[3]}
  # As the engine files the login of Docker Hub, which has three names.
  case $registry in docker.io | index.docker.io | registry-1.docker.io) registry=https://index.docker.io/v1/ ;; esac
  [[ $registry =~ ^(https://index\.docker\.io/v1/|[A-Za-z0-9.-]+(:[0-9]+)?)$ ]] ||
    fail "$file" 'the registry has to be a host such as registry.example.org or registry.example.org:5000, as images name it'
  [[ $user != *:* && $password != *$'\n'* ]] ||
    fail "$file" 'a user has no colon, and a password no second line'
  auth=$(printf '%s:%s' "$user" "$password" | base64 -w0)
  auths="$auths${auths:+,}\"$registry\":{\"auth\":\"$auth\"}"
done
[ -z "$auths" ] || printf '{"auths":{%s}}\n' "$auths" >"$DOCKER_CONFIG/config.json"
