#!/bin/sh
# Makes an image with a database out of Debian packages, an archive as of `docker save`; nothing where it is made already.
# Arguments: the kind (postgres or mariadb), the image's name, the archive to make. Its folder is the cache, with one
# maker at a time.
# Packages come from wherever this machine's apt gets its own; apt's state and dpkg's are not touched.
set -eu
kind=$1
image=$2
result=$3
here=$(cd "$(dirname "$0")" && pwd)
cache=$(dirname "$result")
umask 022
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
[ ! -e "$result" ] || exit 0

base='base-files bash coreutils dash findutils grep gzip hostname libc-bin mawk procps sed tar util-linux'
case $kind in
postgres)
  packages='postgresql'
  config='"Env": ["PATH=/usr/sbin:/usr/bin", "PGDATA=/var/lib/postgresql/data"], "StopSignal": "SIGINT",
    "Volumes": {"/var/lib/postgresql/data": {}}'
  ;;
mariadb)
  packages='mariadb-server-core mariadb-client'
  config='"Env": ["PATH=/usr/sbin:/usr/bin"], "StopSignal": "SIGTERM", "Volumes": {"/var/lib/mysql": {}}'
  ;;
esac

work=$(mktemp -d "$cache/making.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/dpkg" "$work/tree"
: >"$work/dpkg/status"
apt() {
  apt-get -qq -o Dir::State="$work/state" -o Dir::State::status="$work/dpkg/status" -o Dir::Cache="$work/cache" \
    -o APT::Sandbox::User=root -o APT::Install-Recommends=0 -o Acquire::Languages=none \
    -o Acquire::Retries=3 -o Acquire::http::Timeout=30 -o Dpkg::Use-Pty=0 "$@" >"$work/log" 2>&1 9>&- || {
    tail -5 "$work/log" >&2
    exit 1
  }
}
apt update
apt install --download-only -y $base $packages

# Programs and libraries only: nothing is configured, and no Perl, no LLVM and no cluster library is needed to serve.
cd "$work/tree"
mkdir -p usr/bin usr/sbin usr/lib usr/lib64 tmp root run var/lib etc proc sys dev
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$folder"; done
ln -s /run var/run
for package in "$work"/cache/archives/*.deb; do
  case $(basename "$package") in
  perl* | lib*-perl_* | libperl* | libllvm* | libz3-* | galera* | usrmerge_* | debconf_* | ucf_* | locales_* | libc-l10n_* | \
    postgresql-common_* | postgresql-client-common_* | openssl_* | ssl-cert_* | adduser_* | passwd_*) continue ;;
  esac
  dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink --exclude='./usr/share/doc' \
    --exclude='./usr/share/man' --exclude='./usr/share/locale' --exclude='./usr/share/info' \
    --exclude='./usr/share/lintian' --exclude='./usr/share/zoneinfo/right' --exclude='./usr/share/zoneinfo/posix' -f -
done
chmod 1777 tmp
cat >etc/passwd <<'PASSWD'
root:x:0:0:root:/root:/bin/bash
postgres:x:999:999::/var/lib/postgresql:/bin/bash
mysql:x:999:999::/var/lib/mysql:/bin/sh
nobody:x:65534:65534::/:/bin/sh
PASSWD
printf 'root:x:0:\npostgres:x:999:\nmysql:x:999:\nnogroup:x:65534:\n' >etc/group
[ -e usr/bin/awk ] || ln -s mawk usr/bin/awk
for program in usr/lib/postgresql/*/bin/*; do
  [ ! -e "$program" ] || ln -sf "/$program" "usr/bin/$(basename "$program")"
done
install -m 0755 "$here/$kind-entry.sh" usr/bin/docker-entrypoint.sh

mkdir "$work/image"
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$work/image/layer.tar" .
digest=$(sha256sum <"$work/image/layer.tar" | cut -d ' ' -f 1)
cat >"$work/image/config.json" <<CONFIG
{"architecture": "$(dpkg --print-architecture)", "os": "linux", "created": "2024-01-01T00:00:00Z",
 "config": {"Entrypoint": ["docker-entrypoint.sh"], $config},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$digest"]}}
CONFIG
echo "[{\"Config\": \"config.json\", \"RepoTags\": [\"$image\"], \"Layers\": [\"layer.tar\"]}]" >"$work/image/manifest.json"
tar -C "$work/image" -cf "$result.new" .
find "$cache" -name "$kind-*.tar" ! -path "$result" -delete
mv "$result.new" "$result"
