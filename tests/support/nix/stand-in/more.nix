# What the package and the development shell ask for besides; a program that the host has not is `false` there.
{
  lib,
  mk,
  host,
}:
let
  python = host "python3" [ "python3" ];
  # Node of the project, where the test has named it (host-node.nix); the one of the machine may be too old.
  node =
    if builtins.pathExists ./host-node.nix then import ./host-node.nix else "$(command -v node)";
in
lib.genAttrs [
  "busybox"
  "chromium"
  "fish"
  "groff"
  "strace"
  "zsh"
] (name: host name [ name ])
// {
  iproute2 = host "iproute2" [ "ip" ];
  man-db = host "man-db" [ "man" ];
  nix = host "nix" [
    "nix"
    "nix-build"
    "nix-instantiate"
    "nix-store"
  ];
  systemd = host "systemd" [
    "systemctl"
    "systemd-analyze"
  ];
  openssl = host "openssl" [ "openssl" ];
  nixfmt = host "nixfmt" [ "nixfmt" ];
  nodejs = mk {
    name = "nodejs";
    buildCommand = ''mkdir -p $out/bin; ln -s ${node} $out/bin/node; ln -s "$(command -v npm)" $out/bin/npm; ln -s "$(command -v npx)" $out/bin/npx'';
  };
  python3 = python // {
    withPackages = _: python;
  };
}
