# Evaluates `services.ccci` on a host that has nothing else: with the stand-in for nixpkgs, with a real one, or with the
# stand-in on the real one's `lib` alone.
# `host`: a module. Gives what the tests look at; assertions that fail are said, not thrown.
{
  nixpkgs ? null,
  nixpkgsLib ? null,
  system ? builtins.currentSystem,
  host,
}:
let
  standIn = ./stand-in;
  pkgs =
    if nixpkgs == null then
      import (standIn + "/pkgs.nix") {
        inherit system;
        lib = import (if nixpkgsLib == null then standIn + "/lib.nix" else nixpkgsLib);
      }
    else
      import nixpkgs {
        inherit system;
        config = { };
        overlays = [ ];
      };
  inherit (pkgs) lib;
  fake = pkgs.runCommand "ccci-0.1.0" { } "mkdir -p $out/bin";
  modules = [
    ../../../modules/nixos.nix
    { services.ccci.package = lib.mkDefault fake; }
    host
  ];
  evaluated =
    if nixpkgs == null then
      lib.evalModules {
        modules = [ (standIn + "/nixos-options.nix") ] ++ modules;
        specialArgs = { inherit pkgs; };
      }
    else
      import (nixpkgs + "/nixos/lib/eval-config.nix") {
        inherit system;
        modules = modules ++ [
          {
            boot.isContainer = true;
            system.stateVersion = lib.trivial.release;
          }
        ];
      };
  inherit (evaluated) config options;
  # Each option below a set of them, with those of the values of which it is made.
  described =
    path: set:
    lib.concatLists (
      lib.mapAttrsToList (
        name: one:
        let
          here = "${path}.${name}";
        in
        if (one._type or null) != "option" then
          described here one
        else
          [
            {
              name = here;
              description = one.description or "";
              type = one.type.description;
              isRequired = !(one ? default);
            }
          ]
          ++ described here (one.type.getSubOptions [ ])
      ) (lib.filterAttrs (name: _: name != "_module" && name != "_freeformOptions") set)
    );
  ours = set: lib.filterAttrs (name: _: lib.hasPrefix "ccci" name) set;
  service = one: {
    inherit (one)
      description
      wantedBy
      wants
      after
      before
      requires
      partOf
      unitConfig
      serviceConfig
      environment
      ;
    restartIfChanged = one.restartIfChanged or true;
    reloadIfChanged = one.reloadIfChanged or false;
    path = map toString one.path;
  };
  triggered = key: one: {
    inherit (one)
      description
      wantedBy
      after
      unitConfig
      ;
    ${key} = one.${key};
  };
in
{
  inherit config lib pkgs;
  options = described "services.ccci" options.services.ccci;
  failed = map (one: one.message) (builtins.filter (one: !one.assertion) config.assertions);
  warnings = builtins.filter (lib.hasPrefix "services.ccci") config.warnings;
  units = {
    services = lib.mapAttrs (_: service) (ours config.systemd.services);
    paths = lib.mapAttrs (_: triggered "pathConfig") (ours config.systemd.paths);
    timers = lib.mapAttrs (_: triggered "timerConfig") (ours config.systemd.timers);
    slices = lib.mapAttrs (_: one: {
      inherit (one) description unitConfig sliceConfig;
      wantedBy = [ ];
    }) (ours config.systemd.slices);
  };
  users = ours config.users.users;
  groups = builtins.attrNames (ours config.users.groups);
  folders = config.systemd.tmpfiles.settings."10-ccci" or { };
}
