# ccci beside a real Gitea, each on a machine of its own: a comment is answered, also while units are restarted and the
# machine is switched off; nothing is lost, doubled or left behind. For machines with KVM:
# nix build -L .#vmTests.gitea
{ pkgs, ccci }:
let
  recipe = ../../recipes/good;
  # Runs find it on the engine; where they ask a registry for it there is none.
  image = pkgs.dockerTools.buildImage {
    name = "lab.invalid/web";
    tag = "1";
    copyToRoot = pkgs.runCommand "web" { } ''
      mkdir -p "$out"/{bin,etc,proc,root,sys,tmp,var,www}
      cp ${pkgs.pkgsStatic.busybox}/bin/busybox "$out/bin/busybox"
      for command in $("$out/bin/busybox" --list); do
        [ "$command" = busybox ] || ln -s busybox "$out/bin/$command"
      done
      echo 'root:x:0:0:root:/root:/bin/sh' > "$out/etc/passwd"
      echo 'web 1' > "$out/www/index.html"
    '';
    extraCommands = "chmod 1777 tmp";
    config = {
      Cmd = [
        "httpd"
        "-f"
        "-p"
        "80"
        "-h"
        "/www"
      ];
      Env = [ "PATH=/bin" ];
      ExposedPorts."80/tcp" = { };
      StopSignal = "SIGKILL";
    };
  };
in
{
  name = "ccci-gitea";
  globalTimeout = 3600;

  nodes.gitea = {
    virtualisation.memorySize = 2048;
    networking.firewall.allowedTCPPorts = [ 3000 ];
    environment.systemPackages = [
      pkgs.curl
      pkgs.gitea
    ];
    services.gitea = {
      enable = true;
      settings = {
        server = {
          DOMAIN = "gitea";
          ROOT_URL = "http://gitea:3000/";
        };
        service.DISABLE_REGISTRATION = true;
      };
    };
  };

  nodes.ci = {
    imports = [ ../../../modules/nixos.nix ];
    virtualisation = {
      cores = 2;
      diskSize = 8192;
      memorySize = 4096;
    };
    networking.hosts."127.0.0.1" = [ "lab.invalid" ];
    environment = {
      systemPackages = [
        pkgs.git
        pkgs.jq
      ];
      etc."ccci-test/image".source = image;
      etc."ccci-test/recipe".source = "${recipe}/repo";
    };
    services.ccci = {
      enable = true;
      package = ccci;
      forges.gitea = {
        url = "http://gitea:3000";
        organisations = [ "recipes" ];
        tokenFile = "/var/lib/ccci-secrets/read";
        reportTokenFile = "/var/lib/ccci-secrets/write";
      };
      recipes.tests = pkgs.runCommand "recipe-tests" { } ''
        mkdir "$out"
        cp -r ${recipe}/tests "$out/good"
      '';
      stage.slots = 2;
      settings = {
        poll.intervalMs = 1000;
        stage = {
          screenshots = false;
          card = false;
        };
      };
    };
  };

  testScript = builtins.readFile ./gitea.py;
}
