# What cannot work is said before anything is built, with what to do about it.
{ config, lib, ... }:
let
  cfg = config.services.ccci;
  types' = import ./types.nix { inherit lib; };
  needed = assertion: message: { inherit assertion message; };
  at = name: "services.ccci.forges.${name}";

  named = name: value: lib.optional (value != null) { inherit name value; };
  forgeSecrets = lib.concatLists (
    lib.mapAttrsToList (
      name: forge:
      lib.concatMap (key: named "${at name}.${key}" forge.${key}) [
        "tokenFile"
        "reportTokenFile"
        "hookSecretFile"
      ]
      ++ lib.mapAttrsToList (owner: value: {
        name = ''${at name}.hookSecretFiles."${owner}"'';
        inherit value;
      }) forge.hookSecretFiles
    ) cfg.forges
  );
  otherSecrets =
    named "services.ccci.proxy.keyFile" cfg.proxy.keyFile
    ++ lib.mapAttrsToList (login: value: {
      name = "services.ccci.stage.registryLogins.${login}";
      inherit value;
    }) cfg.stage.registryLogins;

  outOfStore =
    { name, value }:
    needed (!builtins.isPath value && !types'.inStore value)
      "${name} is ${toString value}: a secret must never be in the Nix store, where everybody can read it. Write the path of a file on the host as a string, such as \"/run/secrets/ccci\", and let sops-nix or agenix put it there.";

  forge =
    name:
    { tokenFile, reportTokenFile, organisations, repositories, hookSecretFile, hookSecretFiles, ... }:
    [
      (needed (builtins.match "[a-z0-9][a-z0-9.-]{0,30}" name != null)
        "${at name}: the name of a forge is part of every run's name; use at most 31 of a-z, 0-9, . and -, such as `git`."
      )
      (needed (organisations ++ repositories != [ ])
        "${at name}: nothing is enrolled. Set organisations = [ \"recipes\" ]; or repositories = [ \"recipes/ghost\" ];."
      )
      (needed (tokenFile != null)
        "${at name}.tokenFile is not set: without a read token nothing is seen. Make one for the bot user (read:repository, read:issue, read:organization, read:user) and name its file."
      )
      (needed (reportTokenFile != null)
        "${at name}.reportTokenFile is not set: verdicts could not be posted. Make a token for the bot user (write:issue, write:repository, read:user) and name its file."
      )
      (needed (tokenFile == null || toString tokenFile != toString reportTokenFile)
        "${at name}: tokenFile and reportTokenFile are the same file, so what reads comments could also write. Make two tokens."
      )
      (needed (cfg.hook.enable || (hookSecretFile == null && hookSecretFiles == { }))
        "${at name} has a secret for webhooks, but none are received. Set services.ccci.hook.enable = true; or remove the secret."
      )
    ];

  prefix = network: lib.toIntBase10 (lib.elemAt (lib.splitString "/" network) 1);
  power = exponent: if exponent <= 0 then 1 else 2 * power (exponent - 1);
  # The first one is the swarm's own, `ingress`.
  networks = power (cfg.engine.poolMask - prefix cfg.engine.addressPool) - 1;
  # The network of the run, those of the recipe and of what it needs, and of the other deployment while it goes.
  networksPerSlot = 32;
  needsNetworks = cfg.stage.slots * networksPerSlot;
  range =
    network:
    let
      octets = lib.splitString "." (lib.elemAt (lib.splitString "/" network) 0);
      address = lib.foldl' (sum: octet: sum * 256 + lib.toIntBase10 octet) 0 octets;
      size = power (32 - prefix network);
      first = address / size * size;
    in
    {
      inherit first;
      end = first + size;
    };
  overlap = one: other: (range one).first < (range other).end && (range other).first < (range one).end;
  isWithin = folder: parent: lib.hasPrefix "${parent}/" "${folder}/";
  hasHookSecret = lib.any (one: one.hookSecretFile != null || one.hookSecretFiles != { }) (
    lib.attrValues cfg.forges
  );
  local = cfg.stage.enable && cfg.stage.dockerHost == null;
in
{
  config = lib.mkIf cfg.enable {
    assertions =
      lib.concatLists (lib.mapAttrsToList forge cfg.forges)
      ++ map outOfStore (forgeSecrets ++ otherSecrets)
      ++ [
        (needed (cfg.forges != { })
          "services.ccci is enabled, and no forge is named. Set services.ccci.forges.git = { url = \"https://git.example.org\"; organisations = [ \"recipes\" ]; … };."
        )
        (needed (!cfg.hook.enable || hasHookSecret)
          "services.ccci.hook is enabled, and no forge has a secret for it. Put a long random word into a file and set services.ccci.forges.NAME.hookSecretFile."
        )
        (needed (!local || prefix cfg.engine.addressPool <= cfg.engine.poolMask)
          "services.ccci.engine: addressPool ${cfg.engine.addressPool} is smaller than one network of /${toString cfg.engine.poolMask}. Choose a wider pool, such as 10.96.0.0/12."
        )
        (needed (!local || networks >= needsNetworks)
          "services.ccci.engine.addressPool ${cfg.engine.addressPool} has room for ${toString networks} networks of /${toString cfg.engine.poolMask} besides the swarm's own; ${toString cfg.stage.slots} slots need ${toString needsNetworks} (L25). Widen the pool, raise engine.poolMask, or lower stage.slots."
        )
        (needed (!local || !overlap cfg.engine.addressPool cfg.engine.proxySubnet)
          "services.ccci.engine: addressPool ${cfg.engine.addressPool} and proxySubnet ${cfg.engine.proxySubnet} overlap, so the swarm could give one of them no addresses. Choose another proxySubnet, such as 10.80.0.0/16."
        )
        (needed (!local || !config.virtualisation.docker.liveRestore)
          "virtualisation.docker.liveRestore is true, and a swarm refuses it. Remove that line: services.ccci sets it to false."
        )
        (needed (!isWithin cfg.state cfg.report.directory && !isWithin cfg.runs cfg.report.directory)
          "services.ccci.report.directory ${cfg.report.directory} is what everybody may read, and state (${cfg.state}) or runs (${cfg.runs}) lies in it. Choose a folder of its own, such as /var/lib/ccci-pages."
        )
        (needed (!cfg.proxy.enable || (cfg.proxy.certificateFile != null && cfg.proxy.keyFile != null))
          "services.ccci.proxy is enabled without a certificate. Set certificateFile and keyFile to those of *.${cfg.stage.domain}."
        )
        (needed (!cfg.proxy.enable || local)
          "services.ccci.proxy is enabled, but runs are on another engine (stage.dockerHost) or on none. Set the proxy up there, or remove proxy.enable."
        )
        (needed (!cfg.proxy.enable || cfg.stage.domain != "ccci.test")
          "services.ccci.proxy is enabled, and stage.domain is still ccci.test. Set it to a domain of yours, with a DNS record *.DOMAIN that leads to this host."
        )
        (needed (cfg.stage.ingress != "traefik" || cfg.proxy.enable || cfg.settings.stage.proxy != null)
          "services.ccci.stage.ingress is traefik, and there is no proxy. Set proxy.enable = true;, or name yours: settings.stage.proxy = \"traefik_example_com_app\";."
        )
        (needed (cfg.pages.server == null || cfg.pages.host != "")
          "services.ccci.pages.server is ${toString cfg.pages.server}, and pages.host is empty. Set it to the host name of the pages, such as \"ci.example.org\"."
        )
        (needed (!(cfg.proxy.enable && cfg.pages.server != null))
          "services.ccci: proxy and pages.server both want the ports 80 and 443 of this host. Serve the pages from another one, or give the engine a machine of its own (stage.dockerHost)."
        )
        # units.json has no unit for it yet.
        (needed (cfg.dispatch.settings == { } && !(cfg.settings ? dispatch))
          "services.ccci.dispatch: this version hands no builds to a Drone or Woodpecker server, it has no ccci-dispatch. Remove it; to run recipes on another machine set stage.dockerHost."
        )
      ];
    warnings =
      lib.optional (local && lib.any (one: one.forks) (lib.attrValues cfg.forges))
        "services.ccci: pull requests from forks are tested on this host's own engine. Who holds an engine's socket is root on its machine: give the stage one of its own (stage.dockerHost).";
  };
}
