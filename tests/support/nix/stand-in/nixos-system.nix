# A host as far as our module goes: its assertions hold, or it is refused; what it would be can be built.
{ self }:
{ system, modules }:
let
  pkgs = self.legacyPackages.${system};
  evaluated = self.lib.evalModules {
    modules = [ ./nixos-options.nix ] ++ modules;
    specialArgs = { inherit pkgs; };
  };
  inherit (evaluated) config;
  failed = map (one: one.message) (builtins.filter (one: !one.assertion) config.assertions);
  # Everything that is set is looked at.
  toplevel = pkgs.writeText "nixos-system" (builtins.toJSON config);
in
if failed != [ ] then
  throw "Failed assertions:\n${builtins.concatStringsSep "\n" failed}"
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
