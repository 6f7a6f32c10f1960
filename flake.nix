{
  description = "ccci tests Co-op Cloud recipes on a real Docker Swarm";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { nixpkgs, ... }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      forEach = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
    in
    {
      devShells = forEach (pkgs: {
        default = import ./modules/dev-shell.nix { inherit pkgs; };
      });
      formatter = forEach (pkgs: pkgs.nixfmt);
    };
}
