# What our module, package, flake and documents use of nixpkgs: builders, and packages that are links to this machine's programs. A
# program that the machine has not is `false` there.
{ lib, system }:
let
  build =
    attributes:
    let
      name = attributes.name or "${attributes.pname}-${attributes.version}";
      own = [
        "meta"
        "passthru"
      ];
    in
    derivation (
      {
        inherit name system;
        builder = "/bin/bash";
        args = [ ./setup.sh ];
      }
      // removeAttrs attributes own
    )
    // {
      meta = attributes.meta or { };
    }
    // attributes.passthru or { };

  /** A package with programs of this machine, by the names that they have on PATH. */
  host =
    name: programs:
    runCommand name { } ''
      mkdir -p "$out/bin"
      for program in ${programs}; do
        ln -s "$(command -v "$program" || command -v false)" "$out/bin/$program"
      done
    '';
  hosts = builtins.mapAttrs host {
    bash = "bash sh";
    bubblewrap = "bwrap";
    caddy = "caddy";
    chromium = "chromium";
    coreutils = "base64 basename cat chmod cp cut dirname env mkdir mktemp mv rm sha256sum sleep tr true";
    curl = "curl";
    docker = "docker dockerd";
    docker-client = "docker";
    fish = "fish";
    git = "git";
    gitea = "gitea";
    gnugrep = "grep";
    groff = "groff";
    imagemagick = "convert";
    iproute2 = "ip";
    iptables = "ip6tables ip6tables-restore iptables iptables-restore";
    jq = "jq";
    man-db = "man";
    nginx = "nginx";
    nix = "nix nix-build nix-instantiate nix-store";
    nixfmt = "nixfmt";
    openssl = "openssl";
    pnpm = "pnpm";
    procps = "ps";
    restic = "restic";
    strace = "strace";
    systemd = "systemctl systemd-analyze";
    tini = "tini";
    util-linux = "choom flock nsenter prlimit setpriv unshare";
    zsh = "zsh";
  };
  python = host "python3" "python3";
  # Node of the project, where the test has named it; the one of the machine may be too old to build with.
  node = if builtins.pathExists ./host-node.nix then import ./host-node.nix else "$(command -v node)";

  runCommand = name: attributes: buildCommand: build ({ inherit name buildCommand; } // attributes);
  writeText = name: text: runCommand name {
    inherit text;
    passAsFile = [ "text" ];
  } ''cp "$textPath" "$out"'';

  packages = hosts // {
    inherit lib runCommand writeText;
    stdenv = {
      mkDerivation = build;
      hostPlatform = { inherit system; };
    };
    callPackage =
      function: given:
      let
        called = if lib.isFunction function then function else import function;
      in
      called (builtins.intersectAttrs (lib.functionArgs called) packages // given)
      // {
        override = more: packages.callPackage called (given // more);
      };

    linkFarm =
      name: links:
      runCommand name { } (
        ''mkdir "$out"''
        + lib.concatMapStrings (link: "\nln -s ${link.path} \"$out/${link.name}\"") links
      );
    mkShell =
      { packages }:
      runCommand "nix-shell" { nativeBuildInputs = packages; } ''touch "$out"'';
    # The real one asks shellcheck as well.
    writeShellApplication =
      { name, runtimeInputs, text }:
      runCommand name
        {
          meta.mainProgram = name;
          text = ''
            #!/bin/bash
            set -o errexit -o nounset -o pipefail
            export PATH="${lib.makeBinPath runtimeInputs}:$PATH"
            ${text}
          '';
          passAsFile = [ "text" ];
        }
        ''
          mkdir -p "$out/bin"
          cp "$textPath" "$out/bin/${name}"
          chmod 755 "$out/bin/${name}"
          bash -n "$out/bin/${name}"
        '';

    cacert = runCommand "cacert" { } ''
      mkdir -p "$out/etc/ssl/certs"
      ln -s /etc/ssl/certs/ca-certificates.crt "$out/etc/ssl/certs/ca-bundle.crt"
    '';
    # A function of setup.sh.
    makeWrapper = runCommand "make-wrapper" { } ''mkdir "$out"'';
    nodejs = runCommand "nodejs" { } ''
      mkdir -p "$out/bin"
      ln -s ${node} "$out/bin/node"
      ln -s "$(command -v npm)" "$out/bin/npm"
      ln -s "$(command -v npx)" "$out/bin/npx"
    '';
    pkgsStatic.busybox = host "busybox" "busybox";
    python3 = python // {
      withPackages = choose: lib.foldl' (_: _: python) python (choose { pytest = "pytest"; });
    };

    # An image that nobody loads here: what it is made of is built.
    dockerTools.buildImage =
      {
        name,
        tag,
        copyToRoot,
        config,
        extraCommands ? "",
      }:
      writeText "docker-image-${builtins.baseNameOf name}.json" (
        builtins.toJSON { inherit name tag copyToRoot config extraCommands; }
      );
    testers.runNixOSTest = import ./vm-test.nix {
      inherit lib;
      pkgs = packages;
    };
  };
in
packages
