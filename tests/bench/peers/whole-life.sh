#!/bin/sh
# The whole life of a small stateless recipe as one would write it by hand with the docker command: a fresh deployment of
# the commit, then the version before it and its upgrade in place, each looked at by HTTP, everything removed again.
# Usage: whole-life.sh REPOSITORY BASE HEAD STACK FOLDER
set -eu
repository=$1 base=$2 head=$3 stack=$4 folder=$5
network=${stack}_run
export STACK_NAME="$stack" DOMAIN="$stack.ccci.test" EXTRA_DOMAINS= LETS_ENCRYPT_ENV= GREETING=Hello

check_out() {
  git clone --quiet --no-checkout "$repository" "$folder/$1"
  git -C "$folder/$1" checkout --quiet "$2"
}

# Renders, and puts the run's own network in the place of the proxy.
render() {
  export APP_ENTRYPOINT_VERSION="$2"
  (cd "$folder/$1" && docker stack config -c compose.yml) | sed "s/^\( *name: \)proxy$/\1$network/" >"$folder/$1.yml"
}

deploy() { docker stack deploy --prune --detach=true -c - "$stack" <"$folder/$1.yml" >/dev/null; }

running() {
  docker stack ps --filter desired-state=running --format '{{.CurrentState}}' "$stack" 2>/dev/null | grep -c '^Running' || true
}

# One task that runs, for as long as the monitor time.
converge() {
  until [ "$(running)" = 1 ]; do sleep 0.2; done
  sleep 1
  [ "$(running)" = 1 ]
}

updated() {
  until [ "$(docker service inspect --format '{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}' "${stack}_app")" = completed ]; do
    sleep 0.2
  done
}

probe() {
  container=$(docker ps --quiet --filter "label=com.docker.swarm.service.name=${stack}_app" --filter health=healthy | head -n 1)
  address=$(docker network inspect --format "{{(index .Containers \"$(docker inspect --format '{{.Id}}' "$container")\").IPv4Address}}" docker_gwbridge)
  node -e 'fetch(process.argv[1]).then(r => process.exit(r.status === 200 ? 0 : 1), () => process.exit(1))' "http://${address%/*}:8080/"
}

remove() {
  docker stack rm "$stack" >/dev/null 2>&1
  ids=$(docker ps --all --quiet --filter "label=com.docker.stack.namespace=$stack")
  [ -z "$ids" ] || docker rm --force --volumes $ids >/dev/null 2>&1 || true
  until [ -z "$(docker ps --all --quiet --filter "label=com.docker.stack.namespace=$stack")" ]; do sleep 0.2; done
  until ! docker network inspect "$network" >/dev/null 2>&1; do
    docker network rm "$network" >/dev/null 2>&1 || sleep 0.2
  done
}

check_out head "$head"
check_out base "$base"
render head v2
render base v1

docker network create --driver overlay --attachable "$network" >/dev/null
deploy head
converge
probe
remove

docker network create --driver overlay --attachable "$network" >/dev/null
deploy base
converge
probe
deploy head
updated
converge
probe
remove
