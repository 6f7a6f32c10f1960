#!/bin/sh
# Runs the engine of a box, and runs it again where somebody asked for that before it died: $dir/restart says `engine`, or
# `machine`, where everything in the box dies with it, containers too.
# One that ended by itself leaves its exit status in $dir/ended.
# Arguments: the box's folder, then the engine's.
dir=$1
shift
while :; do
  rm -f "$dir/restart"
  dockerd "$@"
  status=$?
  if [ ! -e "$dir/restart" ]; then
    echo "$status" >"$dir/ended"
    exit "$status"
  fi
  [ "$(cat "$dir/restart")" = machine ] && kill -KILL -1
  rm -f "$dir/docker.pid" "$dir/docker.sock"
done
