{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption mkEnableOption types;
  # The same for plain Debian.
  inherit (builtins.fromJSON (builtins.readFile ../units.json)) defaults;
  types' = import ./types.nix { inherit lib; };
  option =
    type: default: description:
    mkOption { inherit type default description; };
in
{
  options.services.ccci = {
    enable = mkEnableOption "ccci, which tests Co-op Cloud recipes on a Docker Swarm";

    package = mkOption {
      type = types.package;
      default =
        pkgs.ccci
          or (throw "services.ccci.package is not set, and pkgs has no ccci: import nixosModules.default of ccci's flake, or set it");
      defaultText = lib.literalExpression "pkgs.ccci";
      description = "All programs of ccci, with `bin/ccci-poll` and the others.";
    };

    forges = mkOption {
      type = types.attrsOf (types.submodule (import ./forge.nix));
      default = { };
      example = lib.literalExpression ''
        {
          git = {
            url = "https://git.example.org";
            organisations = [ "recipes" ];
            tokenFile = "/run/secrets/ccci-read";
            reportTokenFile = "/run/secrets/ccci-write";
          };
        }
      '';
      description = "Gitea and Forgejo servers whose repositories are tested, by the name that they have in records.";
    };

    recipes = {
      tests = option (types.nullOr types.path) null "The operator's tree of tests, a folder per recipe: a path of the flake (it is copied to the store) or a folder of the host. Without it only the generic tests run.";
      dependencies =
        option (types.attrsOf types.str) { }
          "Repositories of recipes that others need, by recipe, where they do not lie beside it: addresses of git.";
    };

    state = option types'.hostPath defaults.state "Folder of all durable state.";
    runs = option types'.hostPath defaults.runs "Folder of run directories: logs, results, recordings.";

    stage = {
      enable = option types.bool true "Whether recipes are run on this host.";
      slots = option types.ints.positive 1 "Runs at a time, a number.";
      ingress =
        option
          (types.enum [
            "direct"
            "traefik"
          ])
          "direct"
          "How a run's web address is reached: `direct` asks the tasks themselves, `traefik` goes through the proxy as in production.";
      domain = option types.str "ccci.test" "Domain below which each run has its own. With `traefik` a DNS record `*.DOMAIN` has to lead to this host.";
      dockerHost =
        option (types.nullOr types.str) null
          "Engine, as in DOCKER_HOST; null is the one of this host, which the module sets up. Another machine or VM is what keeps hostile recipes away from this one.";
      limits = {
        memoryMb = option types.ints.positive 4096 "Memory of a service whose recipe sets no limit, MiB.";
        pids = option types.ints.positive 4096 "Processes and threads of a service whose recipe sets no limit, a number.";
        logMb = option types.ints.positive 50 "Log of a container on the engine's disk, MiB; two such files are kept.";
      };
      registryLogins =
        option (types.attrsOf types'.secretFile) { }
          "Logins to registries, by a name of your choice: files with a line `REGISTRY USER` and then the password; the registry as images name it, Docker Hub as docker.io.";
      path =
        option (types.listOf types.package) [ ]
          "Packages that tests of recipes use besides Node, such as Python with pytest, or Chromium for pictures.";
      idleSeconds = option types.ints.positive (lib.toIntBase10 defaults.idleMs / 1000) "How long the stage stays when there is no work, seconds.";
    };

    report = {
      directory = option types'.hostPath defaults.pages "Folder of the pages.";
      url = option (types.nullOr types.str) null "Public address of the pages, for links in comments: `https://ci.example.org`. By default that of `pages`, when it is on.";
      retention = {
        days = option types.ints.unsigned 30 "How long runs and their pages are kept, days.";
        runs = option types.ints.positive 20 "Newest runs of each recipe that are kept however old they are, a number.";
        quotaMb =
          option (types.nullOr types.ints.positive) null
            "What all run directories may take of the disk, MiB; beyond it the oldest go whatever their age.";
      };
    };

    hook = {
      enable = option types.bool false "Whether webhooks are received. Polling finds what a webhook loses, so it is not needed.";
      port = option types.port 8791 "Port on loopback, a number. The pages' virtual host leads `/hook` there.";
    };

    sweep = {
      enable = option types.bool false "Whether all enrolled recipes are tested on a timer.";
      calendar = option types.str defaults.sweepCalendar "When, as a calendar event of systemd (`man systemd.time`).";
      of =
        option
          (types.enum [
            "tips"
            "pulls"
            "tags"
          ])
          "tips"
          "What of each repository: tip of the default branch, open pull requests, newest version.";
    };

    janitor = {
      keepBrokenDays = option types.ints.unsigned 2 "How long the directory of a run that never had results is kept, days.";
      imagesAbovePercent = option (types.ints.between 0 100) 80 "Images are removed only while more of the engine's disk is used than this, percent.";
    };

    metrics = {
      enable = option types.bool false "Whether metrics are written for the textfile collector of node_exporter.";
      directory = option types'.hostPath defaults.metrics "Folder of that collector.";
    };

    dispatch.settings =
      option (types.attrsOf types.anything) { }
        "Builds handed to a Drone or Woodpecker server. This version has no ccci-dispatch: anything set here ends the evaluation.";

    engine = {
      addressPool = option types'.network defaults.pool "Addresses of the networks that runs make; choose one that nothing else of yours uses. It counts when the swarm is made, once.";
      poolMask = option (types.ints.between 16 29) (lib.toIntBase10 defaults.poolMask) "Size of each of those networks, bits: 24 has 254 addresses.";
      proxySubnet = option types'.network defaults.proxySubnet "Addresses of the network `proxy`.";
      memoryMax = option (types.strMatching "[0-9]+(%|[KMGT])?|infinity") "80%" "Memory of the engine and all containers together, as in MemoryMax of systemd.";
      firewall = option types.bool true "Whether containers are kept from private networks, this host and the metadata address.";
    };

    proxy = {
      enable = mkEnableOption "Traefik in the swarm, with a wildcard certificate from files";
      image = option types.str "traefik:v3.5" "Image of Traefik.";
      certificateFile =
        option (types.nullOr types'.secretFile) null
          "PEM file with the certificate of `*.DOMAIN` and its chain; a renewed one is taken up by itself.";
      keyFile = option (types.nullOr types'.secretFile) null "PEM file with its key.";
    };

    pages = {
      server =
        option
          (types.nullOr (
            types.enum [
              "nginx"
              "caddy"
            ]
          ))
          null
          "Web server of this host that gets a virtual host for the pages; null for none.";
      host = option types.str "" "Host name of the pages, one that shares no cookies with anything else: `ci.example.org`.";
    };

    settings = mkOption {
      type = types.submodule { freeformType = types.attrsOf (types.attrsOf types'.json); options = import ./settings.nix { inherit lib; }; };
      default = { };
      example = lib.literalExpression ''{ poll.intervalMs = 10000; report.notify = false; }'';
      description = "The rest of the configuration, by section and key, as in README.md. What the options above say comes first.";
    };

    checkConfiguration = option types.bool true "Whether the configuration is checked by ccci itself when the system is built: a key that it does not know ends the build.";
  };
}
