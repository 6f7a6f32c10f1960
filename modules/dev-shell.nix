# Everything that demo, tests and benchmarks need, so that `scripts/setup.mjs` installs nothing of the system.
{ pkgs }:
pkgs.mkShell {
  packages = with pkgs; [
    nodejs
    pnpm
    docker
    # nixpkgs' docker keeps its own to itself.
    tini
    iptables
    iproute2
    util-linux
    restic
    bubblewrap
    (callPackage ./package/busybox.nix { })
    strace
    git
    jq
    chromium
    curl
    nginx
    caddy
    openssl
    nix
    systemd
    man-db
    groff
    zsh
    fish
    (python3.withPackages (python: [ python.pytest ]))
  ];
}
