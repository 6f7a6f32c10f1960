# `services.ccci`: tests Co-op Cloud recipes on a Docker Swarm. docs/deploy-nixos.md shows a whole host.
{
  imports = [
    ./nixos/options.nix
    ./nixos/assertions.nix
    ./nixos/services.nix
    ./nixos/engine.nix
    ./nixos/proxy.nix
    ./nixos/pages.nix
  ];
}
