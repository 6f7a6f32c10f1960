# The configuration of ccci out of the options, whole; and for each unit the part that it uses, so that a change
# restarts only what it concerns, with its secrets where systemd puts them.
{ lib, cfg }:
let
  units = builtins.fromJSON (builtins.readFile ../units.json);
  secretKeys = [
    "tokenFile"
    "reportTokenFile"
    "hookSecretFile"
    "hookSecretFiles"
  ];

  dropNull =
    value:
    if builtins.isAttrs value then
      lib.mapAttrs (_: dropNull) (lib.filterAttrs (_: one: one != null) value)
    else
      value;

  fromOptions = {
    inherit (cfg) state runs;
    testsDir =
      if cfg.recipes.tests == null then
        "${cfg.state}/no-tests"
      else if builtins.isPath cfg.recipes.tests then
        "${cfg.recipes.tests}"
      else
        toString cfg.recipes.tests;
    stage = {
      inherit (cfg.stage)
        slots
        ingress
        domain
        dockerHost
        limits
        ;
      inherit (cfg.recipes) dependencies;
    }
    // lib.optionalAttrs cfg.proxy.enable { proxy = "ccci-proxy_app"; };
    report = {
      inherit (cfg.report) directory;
      url =
        if cfg.report.url != null then
          cfg.report.url
        else if cfg.pages.server != null then
          "https://${cfg.pages.host}"
        else
          null;
    };
    janitor = {
      inherit (cfg.janitor) keepBrokenDays imagesAbovePercent;
      keepDays = cfg.report.retention.days;
      keepRuns = cfg.report.retention.runs;
      inherit (cfg.report.retention) quotaMb;
    };
    hook.port = cfg.hook.port;
    sweep.of = cfg.sweep.of;
    metrics.directory = if cfg.metrics.enable then cfg.metrics.directory else null;
    forges = lib.mapAttrs (
      _: forge:
      builtins.removeAttrs forge secretKeys
      // lib.genAttrs secretKeys (
        key:
        if builtins.isAttrs forge.${key} then
          lib.mapAttrs (_: toString) forge.${key}
        else if forge.${key} == null then
          null
        else
          toString forge.${key}
      )
    ) cfg.forges;
  };

  whole = dropNull (lib.recursiveUpdate cfg.settings fromOptions);

  /** Secrets of one forge that a unit gets: name of the credential, file, and how the key is said then. */
  secretsOf =
    unit: forgeName:
    let
      forge = whole.forges.${forgeName};
      place = id: "/run/credentials/${unit}.service/${id}";
      single =
        key:
        let
          id = "${key}-${forgeName}";
        in
        {
          credentials = [ "${id}:${forge.${key}}" ];
          keys.${key} = place id;
        };
      # Names have a slash, and names of credentials have none.
      several =
        key:
        let
          owners = builtins.attrNames forge.${key};
          id = index: "${key}-${forgeName}-${toString index}";
        in
        {
          credentials = lib.imap0 (index: owner: "${id index}:${forge.${key}.${owner}}") owners;
          keys.${key} = builtins.listToAttrs (lib.imap0 (index: owner: lib.nameValuePair owner (place (id index))) owners);
        };
      here = builtins.filter (key: forge ? ${key}) units.services.${unit}.secrets;
      made = map (key: (if builtins.isAttrs forge.${key} then several else single) key) here;
    in
    {
      credentials = lib.concatMap (one: one.credentials) made;
      keys = lib.foldl' (sum: one: sum // one.keys) { } made;
    };

  pick = keys: set: lib.filterAttrs (key: _: builtins.elem key keys) set;

  forUnit =
    unit:
    let
      wants = units.services.${unit};
      stage = pick wants.stageKeys (whole.stage or { });
      forges = lib.mapAttrs (name: forge: pick wants.forgeKeys forge // (secretsOf unit name).keys) whole.forges;
    in
    pick ([ "state" "runs" ] ++ wants.sections) whole
    // lib.optionalAttrs (wants.stageKeys != [ ] && stage != { }) { inherit stage; }
    // lib.optionalAttrs (wants.forgeKeys != null) { inherit forges; };

  credentialsFor = unit: lib.concatMap (name: (secretsOf unit name).credentials) (builtins.attrNames whole.forges);
in
{
  inherit
    units
    whole
    forUnit
    credentialsFor
    ;
}
