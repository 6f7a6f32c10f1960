# `nix run .#demo`: the demo of the README, in a copy of the sources. What it leaves to look at stays, the copy goes.
{ pkgs, source }:
pkgs.writeShellApplication {
  name = "ccci-demo";
  runtimeInputs = (import ./dev-shell.nix { inherit pkgs; }).nativeBuildInputs;
  text = ''
    folder=$(mktemp -d)
    # Only dist/demo stays.
    trap 'find "$folder" ! -path "$folder/dist/demo/*" ! -type d -delete; find "$folder" -type d -empty -delete' EXIT
    # With its modes: tests of recipes are programs.
    cp -r ${source}/. "$folder"
    chmod -R u+w "$folder"
    cd "$folder"
    # Set-up installs nothing of the system then; Node is the one of this shell.
    IN_NIX_SHELL=1 npm run demo
  '';
}
