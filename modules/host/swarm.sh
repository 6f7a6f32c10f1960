#!/usr/bin/env bash
# Makes the engine a swarm of one node with enough addresses, and the network that the proxy and recipes share.
# Safe to run again: what is there stays. A swarm that is there keeps the pool it was made with.
# Environment: CCCI_POOL, CCCI_POOL_MASK (networks of runs), CCCI_PROXY_SUBNET (empty: no network for a proxy).
set -euo pipefail

fail() {
  echo "ccci-swarm: $1" >&2
  exit "${2:-1}"
}

# State, whether it is a manager, and the pool that it was made with.
asked='{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}} {{with .Swarm.Cluster}}{{join .DefaultAddrPool ","}}/{{.SubnetSize}}{{end}}'
facts=$(docker info --format "$asked") || fail 'the engine does not answer: see systemctl status docker' 69
read -r state manager pool <<<"$facts"

case $state in
  active)
    [ "$manager" = true ] || fail 'the engine is a worker of another swarm, and runs need a manager: docker swarm leave, then systemctl restart ccci-swarm'
    # Networks would come from elsewhere than the operator thinks: they may be too few (L25), or lead to his own.
    [ "$pool" = "$CCCI_POOL/$CCCI_POOL_MASK" ] ||
      echo "ccci-swarm: warning: the swarm was made with the address pool $pool, and keeps it; asked for is $CCCI_POOL/$CCCI_POOL_MASK. To change it: docker swarm leave --force while nothing runs, then systemctl restart ccci-swarm" >&2
    ;;
  inactive)
    # Nobody else joins: on loopback alone.
    docker swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1:2377 \
      --default-addr-pool "$CCCI_POOL" --default-addr-pool-mask-length "$CCCI_POOL_MASK" >/dev/null ||
      fail "the engine cannot become a swarm with the address pool $CCCI_POOL in networks of /$CCCI_POOL_MASK"
    ;;
  locked) fail 'the swarm is locked: docker swarm unlock, then systemctl restart ccci-swarm' ;;
  *) fail "the engine is neither a swarm nor free to become one (${state:-no answer}): see docker info" ;;
esac

[ -n "${CCCI_PROXY_SUBNET:-}" ] || exit 0

# Scope; then driver and addresses, which the swarm gives both at once.
look() { docker network inspect proxy --format '{{.Scope}} {{.Driver}} {{range .IPAM.Config}}{{.Subnet}}{{end}}'; }

# A wide one: each run of each slot and everything that leaks takes addresses of it (L25).
look >/dev/null 2>&1 ||
  docker network create --driver overlay --attachable --subnet "$CCCI_PROXY_SUBNET" proxy >/dev/null

deadline=$((SECONDS + 4))
while read -r scope driver subnet <<<"$(look)"; do
  [[ "$scope $driver" =~ ^swarm\ (overlay)?$ ]] ||
    fail "the network proxy is not one of the swarm but $driver ($scope): docker network rm proxy, then systemctl restart ccci-swarm"
  [ -z "$subnet" ] || break
  # The swarm gives addresses after it has answered; from a subnet that is taken it never does.
  [ $SECONDS -lt $deadline ] ||
    fail "the network proxy got no addresses of $CCCI_PROXY_SUBNET, which something else has: docker network rm proxy, choose another subnet, then systemctl restart ccci-swarm"
  sleep 0.1
done
