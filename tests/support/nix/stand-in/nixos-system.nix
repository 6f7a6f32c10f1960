# A host as nixpkgs makes it, as far as our module goes: assertions, and something that can be built.
{ self }:
{ system, modules }:
let
  inherit (self) lib;
  pkgs = self.legacyPackages.${system};
  evaluated = lib.evalModules {
    modules = [
      ./nixos-options.nix
      {
        options = lib.genAttrs [ "fileSystems" ] (
          _:
          lib.mkOption {
            type = lib.types.anything;
            default = { };
          }
        );
      }
    ]
    ++ modules;
    specialArgs = { inherit pkgs; };
  };
  inherit (evaluated) config;
  failed = map (one: one.message) (builtins.filter (one: !one.assertion) config.assertions);
  units = lib.mapAttrs (_: unit: unit.serviceConfig) config.systemd.services;
  toplevel = pkgs.writeText "nixos-system" (builtins.toJSON units);
in
if failed != [ ] then
  throw (builtins.concatStringsSep "\n" failed)
else
  evaluated
  // {
    inherit pkgs;
    config = config // {
      system = config.system // {
        build = { inherit toplevel; };
      };
    };
  }
