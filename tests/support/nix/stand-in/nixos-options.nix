# The options of NixOS that our module, the example, the documents and the VM test set or read, with the types and the
# assertions that they have there: no other name is taken, so that a misspelt one is an error here, too.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  option = type: default: mkOption { inherit type default; };
  flag = option types.bool false;
  text = option types.str "";
  lines = option types.lines "";
  list = type: option (types.listOf type) [ ];
  set = type: option (types.attrsOf type) { };
  maybe = type: option (types.nullOr type) null;
  anything = option types.anything { };

  # Units: a value, or a list of them for a key that may stand more than once.
  word = types.oneOf [
    types.bool
    types.int
    types.float
    types.str
    types.path
  ];
  section = set (types.either (types.listOf word) word);
  names = list (
    types.strMatching "[a-zA-Z0-9@%:_.\\-]+[.](service|socket|device|mount|automount|swap|target|path|timer|scope|slice)"
  );
  unit =
    more:
    set (
      types.submodule {
        options = {
          enable = option types.bool true;
          description = option types.singleLineStr "";
          unitConfig = section;
        }
        // lib.genAttrs [ "wantedBy" "requiredBy" "requires" "wants" "after" "before" "bindsTo" "partOf" ] (_: names)
        // more;
      }
    );
  # What systemd would refuse there, NixOS refuses here.
  isService =
    config:
    lib.elem config.Restart or "no" [ "no" "on-success" "on-failure" "on-abnormal" "on-abort" "always" ]
    && lib.elem config.Type or "simple" [ "exec" "simple" "forking" "oneshot" "dbus" "notify" "notify-reload" "idle" ];
  service = {
    environment = set (types.nullOr (types.oneOf [ types.str types.path types.package ]));
    path = list (types.oneOf [ types.package types.str ]);
    serviceConfig = option (types.addCheck (types.attrsOf (types.either (types.listOf word) word)) isService) { };
    restartIfChanged = option types.bool true;
    reloadIfChanged = flag;
    script = lines;
  };
  folder = types.submodule (
    { name, ... }:
    {
      options = {
        type = option types.str name;
        argument = text;
      }
      // lib.genAttrs [ "mode" "user" "group" "age" ] (_: option types.str "-");
    }
  );

  # A field of /etc/passwd.
  field = types.addCheck types.str (value: builtins.match "[^:\n]*" value != null);
  user = types.submodule {
    options = {
      isSystemUser = flag;
      isNormalUser = flag;
      description = option field "";
      group = text;
      extraGroups = list types.str;
    };
  };

  virtualHost = more: set (types.submodule { options = more; });
  location = types.submodule {
    options = {
      proxyPass = maybe types.str;
      extraConfig = lines;
    };
  };
in
{
  options = {
    assertions = list types.anything;
    warnings = list types.str;
    system.stateVersion = option types.str "26.05";
    fileSystems = set types.anything;
    boot = {
      loader.grub.device = text;
      kernel.sysctl = set (types.nullOr (types.oneOf [ types.bool types.str types.int ]));
    };
    environment = {
      systemPackages = list types.package;
      etc = set (types.submodule {
        options = {
          source = mkOption { type = types.path; };
          mode = option types.str "symlink";
        };
      });
    };
    networking = {
      hostName = option types.str "nixos";
      firewall.allowedTCPPorts = list types.port;
    };
    security.acme = {
      acceptTerms = flag;
      defaults.email = maybe types.str;
    };
    services = {
      nginx = {
        enable = flag;
        virtualHosts = virtualHost {
          enableACME = flag;
          forceSSL = flag;
          root = maybe types.path;
          locations = set location;
          extraConfig = lines;
        };
      };
      caddy = {
        enable = flag;
        virtualHosts = virtualHost { extraConfig = lines; };
      };
      gitea = {
        enable = flag;
        settings = anything;
      };
    };
    systemd = {
      services = unit service;
      paths = unit { pathConfig = section; };
      slices = unit { sliceConfig = section; };
      timers = unit { timerConfig = section; };
      tmpfiles.settings = set (types.attrsOf (types.attrsOf folder));
    };
    users = {
      users = set user;
      groups = set (types.submodule { options.members = list types.str; });
    };
    virtualisation.docker = {
      enable = flag;
      liveRestore = option types.bool true;
      autoPrune.enable = flag;
      daemon.settings = anything;
    };
  };

  config = {
    # Servers bring their users along.
    users.users = lib.genAttrs (lib.filter (name: config.services.${name}.enable) [ "caddy" "nginx" ]) (name: {
      isSystemUser = true;
      group = name;
    });
    assertions =
      lib.mapAttrsToList (name: one: {
        assertion = one.isSystemUser != one.isNormalUser && (one.group != "" || one.isNormalUser);
        message = "users.users.${name}: exactly one of isSystemUser and isNormalUser, and a group for a system user.";
      }) config.users.users
      ++ lib.mapAttrsToList (name: one: {
        assertion = !one.enableACME || (config.security.acme.acceptTerms && config.security.acme.defaults.email != null);
        message = "services.nginx.virtualHosts.${name}: security.acme wants acceptTerms and an address.";
      }) config.services.nginx.virtualHosts;
  };
}
