# `nix run .#demo`: the demo of the README, in a copy of the sources that is gone afterwards.
{ pkgs, source }:
pkgs.writeShellApplication {
  name = "ccci-demo";
  runtimeInputs = (import ./dev-shell.nix { inherit pkgs; }).nativeBuildInputs;
  text = ''
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    cp -r --no-preserve=mode ${source}/. "$folder"
    cd "$folder"
    # Set-up installs nothing of the system then; Node is the one of this shell.
    IN_NIX_SHELL=1 npm run demo
  '';
}
