#!/bin/bash
# Boots systemd as process 1 in namespaces of its own, on an overlay of this machine's root; the network is shared.
# Arguments: the lab's folder. In it: `binds`, lines "FROM TO", shown inside; `ready`, a pipe that is written to when
# it is up; `init.pid` and `cgroup` are made here. The folder is gone for those inside, what they write is in memory.
set -eu
dir=$1
groups=/sys/fs/cgroup
[ "$(stat -f -c %T $groups)" = cgroup2fs ] || groups=$groups/unified
if [ -z "${INSIDE:-}" ]; then
  own=$groups/$(basename "$dir")
  mkdir -p "$own"
  echo $$ >"$own/cgroup.procs"
  echo "$own" >"$dir/cgroup"
  export INSIDE=1
  # Ends with whoever started it.
  exec setpriv --pdeathsig KILL unshare --mount --pid --fork --uts --ipc --cgroup --propagation private \
    --kill-child=SIGKILL "$0" "$@"
fi
# As seen from outside: /proc is still that of the machine.
read -r pid _ </proc/self/stat
root=$dir/root
mkdir -p "$dir/over" "$root"
mount -t tmpfs tmpfs "$dir/over"
mkdir "$dir/over/upper" "$dir/over/work"
mount -t overlay overlay -o "lowerdir=/,upperdir=$dir/over/upper,workdir=$dir/over/work" "$root"
mount -t proc proc "$root/proc"
# Until systemd is up: it would change settings of the machine's kernel.
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -o remount,bind,ro "$root/sys"
mount -t tmpfs tmpfs "$root/run" -o mode=755
mount -t tmpfs tmpfs "$root/tmp" -o mode=1777
mount -t tmpfs tmpfs "$root/dev" -o mode=755
for device in null zero full random urandom tty; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm" -o mode=1777
mount -t devpts devpts "$root/dev/pts" -o newinstance,ptmxmode=0666,mode=620
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for stream in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${stream%%:*}" "$root/dev/${stream##*:}"; done

# Nothing of the machine's own services, and nothing that is a machine's.
units=$root/etc/systemd/system
rm -rf "$units" "$root/etc/systemd/network" "$root/var/lib/ccci" "$root/var/lib/cc-ci-runs"
mkdir -p "$units"
: >"$root/etc/fstab"
: >"$root/etc/machine-id"
for unit in systemd-{tmpfiles-setup,tmpfiles-clean,udevd,networkd,resolved,timesyncd,logind,sysctl,modules-load,remount-fs,update-utmp,journal-flush,tmpfiles-setup-dev,hwdb-update,binfmt,firstboot,journal-catalog-update,update-done,machine-id-commit,random-seed,boot-random-seed,pstore,sysusers}.service \
  docker.socket containerd.service nix-daemon.{service,socket} systemd-tmpfiles-clean.timer dev-hugepages.mount \
  sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount sys-kernel-config.mount \
  proc-sys-fs-binfmt_misc.automount; do
  ln -sfn /dev/null "$units/$unit"
done
cat >"$units/lab.target" <<END
[Unit]
Requires=sysinit.target systemd-journald.service lab-ready.service
Wants=sockets.target
After=sysinit.target sockets.target
END
cat >"$units/lab-ready.service" <<END
[Unit]
DefaultDependencies=no
After=sysinit.target systemd-journald.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'echo ready >/run/lab-ready'
END
: >"$root/run/lab-ready"
mount --bind "$dir/ready" "$root/run/lab-ready"
while read -r from to; do
  if [ -d "$from" ]; then mkdir -p "$root$to"; else mkdir -p "$(dirname "$root$to")" && : >"$root$to"; fi
  mount --bind "$from" "$root$to"
done <"$dir/binds"
echo "$pid" >"$dir/init.new"
mv "$dir/init.new" "$dir/init.pid"
cd "$root"
mkdir -p .old
pivot_root . .old
umount -l /.old
rmdir /.old 2>/dev/null || true
mount --make-rshared /
exec env -i container=ccci-lab PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=lab.target \
  --show-status=false --log-target=console --log-level=notice
