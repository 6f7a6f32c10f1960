# Traefik in the swarm, in front of the runs, with a wildcard certificate from files.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.services.ccci;
  isOn = cfg.enable && cfg.proxy.enable;
  name = "ccci-proxy";
  dynamic = pkgs.writeText "traefik.yml" (
    builtins.toJSON {
      tls.stores.default.defaultCertificate = {
        certFile = "/run/secrets/certificate";
        keyFile = "/run/secrets/key";
      };
    }
  );
  publish = port: {
    target = port;
    published = port;
    protocol = "tcp";
    mode = "host";
  };
  secret = key: variable: {
    name = "ccci-${key}-\${CCCI_VERSION}";
    file = "\${${variable}}";
    labels."ccci.proxy" = name;
  };
  # YAML holds JSON.
  stack = pkgs.writeText "ccci-proxy.yml" (
    builtins.toJSON {
      version = "3.8";
      services.app = {
        inherit (cfg.proxy) image;
        command = [
          "--providers.swarm.endpoint=unix:///var/run/docker.sock"
          "--providers.swarm.exposedByDefault=false"
          "--providers.swarm.network=proxy"
          "--providers.file.filename=/etc/traefik/dynamic.yml"
          "--entrypoints.web.address=:80"
          "--entrypoints.web-secure.address=:443"
          "--entrypoints.web-secure.http.tls=true"
        ];
        ports = map publish [
          80
          443
        ];
        networks = [ "proxy" ];
        volumes = [ "/var/run/docker.sock:/var/run/docker.sock:ro" ];
        configs = [
          {
            source = "dynamic";
            target = "/etc/traefik/dynamic.yml";
          }
        ];
        secrets = map (key: {
          source = key;
          target = key;
        }) [ "certificate" "key" ];
        deploy.placement.constraints = [ "node.role == manager" ];
      };
      networks.proxy.external = true;
      configs.dynamic = {
        name = "ccci-traefik-${builtins.substring 0 12 (builtins.hashString "sha256" "${dynamic}")}";
        file = "${dynamic}";
      };
      secrets = {
        certificate = secret "certificate" "CCCI_CERTIFICATE";
        key = secret "key" "CCCI_KEY";
      };
    }
  );
in
{
  config = lib.mkIf isOn {
    services.ccci.stage.ingress = lib.mkDefault "traefik";
    networking.firewall.allowedTCPPorts = [
      80
      443
    ];
    systemd.services.${name} = {
      description = "ccci: the proxy in front of runs";
      wantedBy = [ "multi-user.target" ];
      requires = [ "ccci-swarm.service" ];
      after = [ "ccci-swarm.service" ];
      before = [ "ccci-stage.service" ];
      path = with pkgs; [
        docker-client
        coreutils
        gnugrep
        openssl
      ];
      environment = {
        CCCI_PROXY_STACK = "${stack}";
        CCCI_PROXY_NAME = name;
        CCCI_PROXY_DOMAIN = cfg.stage.domain;
        HOME = "%t/${name}";
      };
      serviceConfig = (import ../hardening.nix).strict // {
        Type = "oneshot";
        InaccessiblePaths = "-/run/containerd";
        ExecStart = "${pkgs.bash}/bin/bash ${../host}/proxy.sh";
        RuntimeDirectory = name;
        LoadCredential = [
          "certificate:${toString cfg.proxy.certificateFile}"
          "key:${toString cfg.proxy.keyFile}"
        ];
        Restart = "on-failure";
        RestartSec = "30s";
        TimeoutStartSec = "5min";
      };
    };
    # A renewed certificate.
    systemd.paths.${name} = {
      description = "ccci: the certificate of the proxy";
      wantedBy = [ "multi-user.target" ];
      pathConfig.PathChanged = [
        (toString cfg.proxy.certificateFile)
        (toString cfg.proxy.keyFile)
      ];
    };
  };
}
