#!/usr/bin/env bash
# Makes the engine a swarm of one node with enough addresses, and the network that the proxy and recipes share.
# Safe to run again: what is there stays. A swarm that is there keeps the pool it was made with.
# Environment: CCCI_POOL, CCCI_POOL_MASK (networks of runs), CCCI_PROXY_SUBNET (empty: no network for a proxy).
set -euo pipefail

case "$(docker info --format '{{.Swarm.LocalNodeState}}')" in
  active) ;;
  inactive)
    # Nobody else joins: on loopback alone.
    docker swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1:2377 \
      --default-addr-pool "$CCCI_POOL" --default-addr-pool-mask-length "$CCCI_POOL_MASK" >/dev/null
    ;;
  *)
    echo "ccci-swarm: the engine is neither a swarm nor free to become one: see docker info" >&2
    exit 1
    ;;
esac

if [ -n "${CCCI_PROXY_SUBNET:-}" ] && ! docker network inspect proxy >/dev/null 2>&1; then
  # A wide one: each run of each slot and everything that leaks takes addresses of it (L25).
  docker network create --driver overlay --attachable --subnet "$CCCI_PROXY_SUBNET" proxy >/dev/null
fi
