# Where no machine can be started, a VM test goes as far as this: its nodes are hosts that evaluate and whose assertions
# hold, and its script asks the driver only for what it has.
{ lib, pkgs }:
{
  name,
  nodes,
  testScript,
  globalTimeout ? 3600,
}:
let
  inherit (lib) mkOption types;
  # Options that only machines of tests have. nixpkgs is given to them, so none of its options is among them.
  machine.options = {
    networking.hosts = mkOption {
      type = types.attrsOf (types.listOf types.str);
      default = { };
    };
    virtualisation = lib.genAttrs [ "cores" "diskSize" "memorySize" ] (
      _:
      mkOption {
        type = types.ints.positive;
        default = 1024;
      }
    );
  };
  evaluate =
    node: module:
    let
      inherit
        (lib.evalModules {
          modules = [
            ./nixos-options.nix
            machine
            module
          ];
          specialArgs = { inherit pkgs; };
        })
        config
        ;
      failed = builtins.filter (one: !one.assertion) config.assertions;
    in
    if failed == [ ] then
      config
    else
      throw "node ${node}: ${lib.concatMapStrings (one: "${one.message}\n") failed}";
  hosts = builtins.mapAttrs evaluate nodes;
  # What the machines would hold is built, too.
  contents = builtins.mapAttrs (_: host: {
    inherit (host.environment) etc systemPackages;
    units = builtins.mapAttrs (_: unit: unit.serviceConfig) host.systemd.services;
  }) hosts;
in
pkgs.runCommand "vm-test-run-${name}"
  {
    contents = builtins.toJSON contents;
    inherit testScript;
    passAsFile = [
      "contents"
      "testScript"
    ];
    timeout = toString globalTimeout;
  }
  ''
    python3 ${./check-script.py} "$testScriptPath" ${toString (builtins.attrNames nodes)}
    echo "${name}: evaluated and its script checked; no machine was started" >"$out"
  ''
