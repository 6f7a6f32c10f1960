#!/bin/sh
# Keeps one box: starts its engine, waits until standard input ends, then ends whatever is in the box and leaves nothing.
# Standard input is a pipe that the owner holds, so a killed owner ends its box as surely as one that says goodbye.
# Arguments: the box's folder (empty), its name, the size of the engine's disk in MiB or nothing.
dir=$1
name=$2
size=$3
daemon=$(dirname "$0")/daemon.sh
trap '' INT TERM HUP

# dockerd must not be process 1 (it would have to reap); an init if there is one, else this shell.
# The folder of a running containerd is hidden, or dockerd would adopt it. No default route: at every task start the
# engine tries to pull; unreachable costs nothing, black-holed DNS costs half a minute.
inside='
  read -r pid rest </proc/self/stat
  mount -t proc proc /proc
  ip link set lo up
  mkdir -p /run/containerd /run/docker
  mount -t tmpfs tmpfs /run/containerd
  mount -t tmpfs tmpfs /run/docker
  if [ "$2" ]; then
    mkdir -p "$0/data"
    mount -t tmpfs -o "size=$2m" tmpfs "$0/data"
  fi
  echo "$pid" >"$0/init.new"
  mv "$0/init.new" "$0/init.pid"
  init=$(command -v docker-init || command -v tini)
  daemon=$1
  shift 2
  if [ "$init" ]; then exec "$init" -s -- sh "$daemon" "$0" "$@"; fi
  sh "$daemon" "$0" "$@"
  exit
'
# Should this shell be killed itself, the box at least ends with it.
setpriv --pdeathsig KILL unshare --net --pid --mount --fork --kill-child=SIGKILL --propagation private \
  sh -c "$inside" "$dir" "$daemon" "$size" --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/docker.pid" \
  -H "unix://$dir/docker.sock" --cgroup-parent "/$name" --exec-opt native.cgroupdriver=cgroupfs \
  --config-file "$dir/daemon.json" >"$dir/log" 2>&1 </dev/null &
unshare=$!
echo $unshare >"$dir/unshare.pid"

cat >/dev/null

# Whoever entered the box's network (tests, programs, what they left behind) ends with it. Only keepers of further boxes
# are left to end by themselves, as their owners are gone now: they have cleaning to do.
net=$(readlink "/proc/$unshare/ns/net")
own=$(readlink /proc/self/ns/net)
insiders() {
  [ "$net" ] && [ "$net" != "$own" ] || return
  # One process looks at all of them: a shell would start one for each.
  find /proc/[0-9]*/ns/net -maxdepth 0 -printf '%p %l\n' 2>/dev/null | while read -r path link; do
    [ "$link" = "$net" ] || continue
    process=${path%/ns/net}
    tr '\0' ' ' <"$process/cmdline" | grep -q 'support/engine/keeper\.sh' || echo "${process#/proc/}"
  done 2>/dev/null | grep -vx "$unshare"
}
init=$(cat "$dir/init.pid" 2>/dev/null)
tries=0
while pids=$(insiders) && [ "$pids" ] && [ $tries -lt 500 ]; do
  kill -KILL $pids 2>/dev/null
  tries=$((tries + 1))
  sleep 0.02
done
kill -KILL $unshare ${init:-} 2>/dev/null
wait $unshare 2>/dev/null

# The kernel needs a moment to let go of the last process of a group.
tries=0
while [ $tries -lt 250 ]; do
  left=
  for group in /sys/fs/cgroup/"$name" /sys/fs/cgroup/*/"$name"; do
    [ -d "$group" ] || continue
    find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null
    [ -d "$group" ] && left=$group
  done
  [ "$left" ] || break
  tries=$((tries + 1))
  sleep 0.02
done
rm -rf "$dir"
