/**
 * Puts the tree beside it onto a machine; the same text for every host, so that it may lie there before the tree does.
 * `units.list` is what it knows again what is ours by: paths below `/etc`, one a line.
 */
export const installScript = String.raw`#!/bin/sh
# Puts the units beside it onto this machine. Made by ccci-units; root runs it; safe to run again; ends no run.
set -eu
umask 022
etc=/etc

here=$(cd "$(dirname "$0")" && pwd)
list=ccci/units.list

say() { echo "install.sh: $1"; }
fail() {
  echo "install.sh: error: $1" >&2
  exit 1
}
ours() { [ -f "$etc/$list" ] && grep -qxF "$1" "$etc/$list"; }
new() { grep -qxF "$1" "$here/etc/$list"; }
same() { cmp -s "$here/etc/$1" "$etc/$1"; }

[ -f "$here/etc/$list" ] || fail "$here/etc is not whole: run ccci-units again, into another folder"
[ "$(id -u)" = 0 ] || fail 'only root can: sudo sh install.sh'

# What was not put there by this script is somebody's.
while read -r path; do
  if [ -e "$etc/$path" ] && ! ours "$path" && ! same "$path"; then
    fail "$etc/$path is there, and was not put there by install.sh: look at it, move it away, and run this again"
  fi
done <"$here/etc/$list"

# Running services whose unit or configuration is another one now.
changed=
for unit in $(cd "$here/etc/systemd/system" && grep -l '^\[Install\]' ccci-*.service); do
  config=ccci/units/$(basename "$unit" .service).json
  if [ -e "$etc/systemd/system/$unit" ] &&
    { ! same "systemd/system/$unit" || { new "$config" && ! same "$config"; }; }; then
    changed="$changed $unit"
  fi
done

# From here on all of it is ours, whenever this is ended.
mkdir -p "$etc/ccci"
{ [ ! -f "$etc/$list" ] || cat "$etc/$list"; cat "$here/etc/$list"; } | sort -u >"$etc/$list.new"
mv "$etc/$list.new" "$etc/$list"

while read -r path; do
  if new "$path" || [ ! -e "$etc/$path" ]; then continue; fi
  case $path in
    *..*) continue ;;
    systemd/system/ccci-*.path | systemd/system/ccci-*.timer | systemd/system/ccci-*.service)
      systemctl disable --now "$(basename "$path")" </dev/null
      ;;
    ccci/units/ccci-*.json) ;;
    *) continue ;;
  esac
  rm "$etc/$path"
  say "removed $etc/$path, which this configuration has no more"
done <"$etc/$list"

cp -r --no-preserve=mode,ownership "$here/etc/." "$etc/"
systemd-sysusers
systemd-tmpfiles --create "$etc/tmpfiles.d/ccci.conf"
systemctl daemon-reload
systemctl enable --now $(cd "$here/etc/systemd/system" && grep -l '^\[Install\]' ccci-*)
[ -z "$changed" ] || systemctl try-reload-or-restart $changed

for unit in "$etc"/systemd/system/ccci-*.service "$etc"/systemd/system/ccci-*.path "$etc"/systemd/system/ccci-*.timer; do
  [ ! -e "$unit" ] || new "systemd/system/$(basename "$unit")" || say "left alone, because it is not ours: $unit"
done
say 'done'
`;
