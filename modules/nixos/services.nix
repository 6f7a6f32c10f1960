# Users, folders and units: what units.json says, with the paths of this host.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.services.ccci;
  inherit (import ./configuration.nix { inherit lib cfg; })
    units
    whole
    forUnit
    credentialsFor
    ;

  isLocal = cfg.stage.enable && cfg.stage.dockerHost == null;
  isThere = {
    localEngine = isLocal;
    firewall = isLocal && cfg.engine.firewall;
    sweep = cfg.sweep.enable;
    ccci-hook = cfg.hook.enable;
    ccci-stage = cfg.stage.enable;
    ccci-janitor = cfg.stage.enable;
    ccci-sweep = cfg.sweep.enable;
  };
  wanted = lib.filterAttrs (name: unit: isThere.${unit.needs or name} or true && isThere.${name} or true);

  # Checked by the programs themselves, once, when the system is built. Secrets are files, and none is opened for it.
  checked =
    name: value:
    let
      text = builtins.toJSON value;
    in
    if !cfg.checkConfiguration then
      pkgs.writeText name text
    else
      pkgs.runCommand name { inherit text; passAsFile = [ "text" ]; } ''
        cp "$textPath" checked.json
        ${cfg.package}/bin/ccci-discover --state "$NIX_BUILD_TOP/state" --config checked.json </dev/null
        cp checked.json "$out"
      '';

  values = unit: {
    "@bash@" = "${pkgs.bash}/bin/bash";
    "@bin@" = "${cfg.package}/bin";
    "@host@" = "${../host}";
    "@config@" = "${checked "${unit}.json" (forUnit unit)}";
    "@state@" = cfg.state;
    "@runs@" = cfg.runs;
    "@pages@" = cfg.report.directory;
    "@metrics@" = cfg.metrics.directory;
    "@pool@" = cfg.engine.addressPool;
    "@poolMask@" = toString cfg.engine.poolMask;
    "@proxySubnet@" = cfg.engine.proxySubnet;
    "@idleMs@" = toString (cfg.stage.idleSeconds * 1000);
    "@sweepCalendar@" = cfg.sweep.calendar;
  };
  fill =
    unit: value:
    let
      # Only what occurs: the configuration of a unit without one is never made.
      all = values unit;
      text = builtins.toJSON value;
      keys = builtins.filter (key: lib.hasInfix key text) (builtins.attrNames all);
      replace = lib.replaceStrings keys (map (key: all.${key}) keys);
      go =
        one:
        if builtins.isString one then
          replace one
        else if builtins.isList one then
          map go one
        else if builtins.isAttrs one then
          lib.mapAttrs (_: go) one
        else
          one;
    in
    go value;

  tools = with pkgs; [
    bash
    coreutils
    util-linux
  ];
  engineTools = with pkgs; [
    docker-client
    git
    restic
    bubblewrap
    iptables
    gnugrep
    procps
  ];

  # The names that NixOS has for lists of units, so that a host can add to them.
  orders = {
    wants = "Wants";
    after = "After";
    before = "Before";
    requires = "Requires";
    partOf = "PartOf";
  };
  common =
    unit:
    {
      description = unit.unit.Description;
      inherit (unit) wantedBy;
      unitConfig = builtins.removeAttrs unit.unit ([ "Description" ] ++ builtins.attrValues orders);
    }
    // lib.mapAttrs (_: key: unit.unit.${key}) (lib.filterAttrs (_: key: unit.unit ? ${key}) orders);
  service =
    name: unit:
    common unit
    // {
      restartIfChanged = unit.restartIfChanged or true;
      reloadIfChanged = unit.reloadIfChanged or false;
      # The package is among them for the collector of the store, which sees what the environment of a process names:
      # programs load parts of it late, and a stage may outlive the generation that began it.
      path = tools ++ lib.optional (unit ? sections) cfg.package ++ lib.optionals (unit.engineTools or false) engineTools ++ lib.optionals (name == "ccci-stage") cfg.stage.path;
      serviceConfig = fill name (
        units.hardening.${unit.hardening}
        // withoutLogin name (if isLocal then unit.service else withoutEngine unit.service)
        // lib.optionalAttrs (unit ? sections) { LoadCredential = credentialsFor name ++ logins name; }
      );
    };
  # An engine elsewhere is reached over the network, and this host may have no group docker.
  withoutEngine = lib.filterAttrs (key: value: !(key == "SupplementaryGroups" && value == "docker"));
  # A step before the program costs as much as a start: none where there is nothing to log in to.
  withoutLogin =
    name: service:
    if name == "ccci-stage" && cfg.stage.registryLogins == { } then
      builtins.removeAttrs service [ "ExecStartPre" ]
    else
      service;
  logins =
    name:
    lib.optionals (name == "ccci-stage") (
      lib.mapAttrsToList (login: file: "registry-${login}:${toString file}") cfg.stage.registryLogins
    );

  folder =
    { path, mode, user, group }:
    {
      name = path;
      value.d = { inherit mode user group; };
    };
  hasMetrics = one: cfg.metrics.enable || one.path != "@metrics@";
in
{
  config = lib.mkIf cfg.enable {
    users.groups = {
      ${units.group} = { };
      ${units.pagesGroup} = { };
    };
    users.users = lib.mapAttrs (_: user: {
      isSystemUser = true;
      inherit (user) description;
      group = units.group;
      extraGroups = builtins.filter (group: group != units.group && (group != "docker" || isLocal)) user.groups;
    }) units.users;

    systemd.tmpfiles.settings."10-ccci" = builtins.listToAttrs (
      map folder (fill "tmpfiles" (builtins.filter hasMetrics units.folders))
    );

    systemd.services = lib.mapAttrs service (wanted units.services);
    systemd.paths = lib.mapAttrs (name: unit: common unit // {
      pathConfig = fill name unit.path;
    }) (wanted units.paths);
    systemd.timers = lib.mapAttrs (name: unit: common unit // {
      timerConfig = fill name unit.timer;
    }) (wanted units.timers);

    # For people on this host: `ccci explain`, `ccci-dedupe --explain`; secrets stay where they are.
    environment.systemPackages = [ cfg.package ];
    environment.etc."ccci/ccci.json".source = checked "ccci.json" whole;
  };
}
