# A VM test where no machine can be started. Its driver can be built all the same: when the nodes are hosts whose assertions
# hold, and the script asks the driver only for what it has.
{ lib, pkgs }:
{
  name,
  nodes,
  testScript,
  # Of the driver's run, which there is none of here.
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
  # All that the machines would be is evaluated; nothing of it is built.
  contents = builtins.toJSON hosts;
  driver =
    pkgs.runCommand "nixos-test-driver-${name}"
      {
        inherit testScript;
        contents = builtins.unsafeDiscardStringContext contents;
        passAsFile = [
          "contents"
          "testScript"
        ];
      }
      ''
        python3 ${./check-script.py} "$testScriptPath" ${toString (builtins.attrNames nodes)}
        cp "$testScriptPath" "$out"
      '';
in
pkgs.runCommand "vm-test-run-${name}" { passthru = { inherit driver; nodes = hosts; }; } ''
  echo "${name}: no machine is started with the stand-in for nixpkgs; build its driver" >&2
  exit 1
''
