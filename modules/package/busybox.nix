# busybox without libraries, as it is copied into images (lib/swarm/relay-image.ts), and without its other names: on a PATH
# they would stand for the real programs.
{ runCommand, pkgsStatic }:
runCommand "busybox-alone" { } ''
  mkdir -p "$out/bin"
  ln -s ${pkgsStatic.busybox}/bin/busybox "$out/bin/busybox"
''
