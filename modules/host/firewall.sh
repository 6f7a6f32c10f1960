#!/usr/bin/env bash
# Keeps containers from private networks, from this machine and from the metadata address; answers to what came from
# outside pass, and so does what was sent to a port that the engine publishes (the proxy, by its public address).
# `up` is safe to run again and never leaves a moment without rules; `down` takes them away.
set -euo pipefail

bridges=(docker_gwbridge docker0)
private4=(0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16)
private6=(::1/128 fc00::/7 fe80::/10)

# $1: iptables or ip6tables, $2: the chain, $3: the chain that leads to it.
lead() {
  local bridge
  for bridge in "${bridges[@]}"; do
    "$1" -w -C "$3" -i "$bridge" -j "$2" 2>/dev/null || "$1" -w -I "$3" 1 -i "$bridge" -j "$2"
  done
}

unlead() {
  local bridge
  for bridge in "${bridges[@]}"; do
    while "$1" -w -D "$3" -i "$bridge" -j "$2" 2>/dev/null; do :; done
  done
}

# The whole chain in one go, so that it is never half there.
fill() {
  local table=$1 range
  shift
  {
    echo '*filter'
    echo ':CCCI-OUT - [0:0]'
    echo ':CCCI-HOST - [0:0]'
    echo '-A CCCI-OUT -m conntrack --ctstate RELATED,ESTABLISHED,DNAT -j RETURN'
    for range in "$@"; do echo "-A CCCI-OUT -d $range -j DROP"; done
    echo '-A CCCI-HOST -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN'
    echo '-A CCCI-HOST -j DROP'
    echo COMMIT
  } | "$table-restore" -w --noflush
}

case ${1:-} in
  up)
    fill iptables "${private4[@]}"
    # The engine makes DOCKER-USER for rules of the operator's, and leaves it alone.
    iptables -w -N DOCKER-USER 2>/dev/null || true
    lead iptables CCCI-OUT DOCKER-USER
    lead iptables CCCI-HOST INPUT
    if [ -e /proc/net/if_inet6 ]; then
      fill ip6tables "${private6[@]}"
      lead ip6tables CCCI-OUT FORWARD
      lead ip6tables CCCI-HOST INPUT
    fi
    ;;
  down)
    unlead iptables CCCI-OUT DOCKER-USER
    unlead iptables CCCI-HOST INPUT
    unlead ip6tables CCCI-OUT FORWARD
    unlead ip6tables CCCI-HOST INPUT
    ;;
  *)
    echo 'usage: firewall.sh up|down' >&2
    exit 64
    ;;
esac
