# The engine of this host: a swarm of one node, in a slice with limits.
{ config, lib, ... }:
let
  cfg = config.services.ccci;
  isLocal = cfg.enable && cfg.stage.enable && cfg.stage.dockerHost == null;
in
{
  config = lib.mkIf isLocal {
    virtualisation.docker = {
      enable = true;
      # A swarm refuses live restore.
      liveRestore = lib.mkDefault false;
      # ccci-janitor removes images, least recently used first and only when the disk needs it (L61).
      autoPrune.enable = false;
      daemon.settings = {
        log-driver = "json-file";
        log-opts = {
          max-size = "50m";
          max-file = "2";
        };
        cgroup-parent = "ccci-engine.slice";
        exec-opts = [ "native.cgroupdriver=systemd" ];
      };
    };
    systemd.slices.ccci-engine = {
      description = "Engine and containers of ccci";
      sliceConfig = {
        MemoryMax = cfg.engine.memoryMax;
        CPUWeight = 50;
        IOWeight = 50;
      };
    };
    systemd.services.docker.serviceConfig.Slice = "ccci-engine.slice";
    # What containers send through the bridge of the swarm is judged by ccci-firewall.
    boot.kernel.sysctl."net.ipv4.ip_forward" = lib.mkDefault 1;
  };
}
