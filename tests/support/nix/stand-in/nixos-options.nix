# Options of NixOS that our module sets or reads, with types that take anything: what a host would make of them is not
# judged here.
{ lib, ... }:
let
  inherit (lib) mkOption types;
  any =
    default:
    mkOption {
      type = types.anything;
      inherit default;
    };
  unit =
    key:
    types.submodule {
      freeformType = types.attrsOf types.anything;
      options =
        lib.genAttrs [ "wantedBy" "requires" "wants" "after" "before" "bindsTo" "partOf" "path" ] (_: any [ ])
        // lib.genAttrs [ "environment" "unitConfig" key ] (_: any { })
        // {
          description = mkOption {
            type = types.str;
            default = "";
          };
        };
    };
  units =
    key:
    mkOption {
      type = types.attrsOf (unit key);
      default = { };
    };
in
{
  options = {
    assertions = any [ ];
    warnings = any [ ];
    systemd = {
      services = units "serviceConfig";
      sockets = units "socketConfig";
      timers = units "timerConfig";
      targets = units "targetConfig";
      slices = units "sliceConfig";
      paths = units "pathConfig";
      tmpfiles.rules = any [ ];
      tmpfiles.settings = any { };
    };
    users.users = any { };
    users.groups = any { };
    services = lib.genAttrs [ "gitea" "nginx" "caddy" ] (_: any { });
  }
  // lib.genAttrs [ "environment" "networking" "virtualisation" "boot" "security" "system" "nixpkgs" ] (
    _: any { }
  );
}
