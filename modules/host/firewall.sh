#!/usr/bin/env bash
# Keeps containers from private networks, from this machine and from the metadata address; answers to what came from
# outside pass, and so does what was sent to a port that the engine publishes (the proxy, by its public address).
# `up` is safe to run again and never leaves a moment without rules; `down` takes them away.
set -euo pipefail

bridges=(docker_gwbridge docker0)
private4=(0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16)
private6=(::1/128 fc00::/7 fe80::/10 fec0::/10)

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
    # Without neighbour discovery IPv6 finds not even the way out.
    [ "$table" = iptables ] || printf -- '-A CCCI-HOST -p ipv6-icmp --icmpv6-type %s -j RETURN\n' \
      neighbour-solicitation neighbour-advertisement router-solicitation
    echo '-A CCCI-HOST -j DROP'
    echo COMMIT
  } | "$table-restore" -w --noflush
}

# The engine makes DOCKER-USER for rules of the operator's, leaves it alone and keeps it first; where it is told to make no
# rules, for IPv6 by default, nothing leads there, and FORWARD itself has to.
up() {
  local table=$1
  shift
  fill "$table" "$@"
  "$table" -w -N DOCKER-USER 2>/dev/null || true
  lead "$table" CCCI-OUT DOCKER-USER
  lead "$table" CCCI-OUT FORWARD
  lead "$table" CCCI-HOST INPUT
}

down() {
  unlead "$1" CCCI-OUT DOCKER-USER
  unlead "$1" CCCI-OUT FORWARD
  unlead "$1" CCCI-HOST INPUT
}

# Whether the program is there and the kernel has its table.
works() { command -v "$1-restore" >/dev/null && "$1" -w -n -L FORWARD >/dev/null 2>&1; }

case ${1:-} in
  up)
    works iptables || {
      echo 'ccci-firewall: iptables is missing or does not work, and nothing keeps runs from this machine and its networks: install iptables, then systemctl restart ccci-firewall' >&2
      exit 69
    }
    up iptables "${private4[@]}"
    if [ ! -e /proc/self/net/if_inet6 ]; then
      :
    elif works ip6tables; then
      up ip6tables "${private6[@]}"
    else
      echo 'ccci-firewall: warning: ip6tables is missing or does not work: the rules stand for IPv4 alone. Give no network of the engine IPv6 addresses, or install ip6tables, then systemctl restart ccci-firewall' >&2
    fi
    ;;
  down)
    down iptables
    down ip6tables
    ;;
  *)
    echo 'usage: firewall.sh up|down' >&2
    exit 64
    ;;
esac
