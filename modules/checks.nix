# What `nix flake check` builds: all programs, each of them alone, and that they start with nothing of the machine.
{
  pkgs,
  lib,
  packages,
}:
let
  inherit (packages) ccci;
  names = builtins.attrNames ccci.programs;
in
{
  inherit ccci;

  programs = pkgs.runCommand "ccci-programs" { } (
    lib.concatMapStrings (name: ''
      PATH= ${ccci.programs.${name}}/bin/${name} --help > help
      echo ${name}: $(wc -l < help) lines >> "$out"
    '') names
  );
}
