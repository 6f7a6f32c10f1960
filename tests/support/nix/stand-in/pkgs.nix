{ lib, system }:
let
  toolPath = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
  mk = a: derivation ({ inherit system; builder = "/bin/bash"; args = [ "-e" ./setup.sh ]; PATH = toolPath; name = if a ? name then a.name else "${a.pname}-${a.version}"; } // lib.filterAttrs (_: v: v != null) (removeAttrs a [ "meta" "passthru" "name" "env" ]) // a.env or { }) // { meta = a.meta or { }; passthru = a.passthru or { }; pname = a.pname or a.name; version = a.version or ""; overrideAttrs = f: mkDerivation (a // (f a)); } // a.passthru or { };
  mkDerivation = x: if lib.isFunction x then let self = mk (x self') // { }; self' = (x self') // { finalPackage = self; outPath = self.outPath; }; in self else mk x;
  host = name: bins: (mk { inherit name; buildCommand = "mkdir -p $out/bin; for b in ${toString bins}; do ln -s $(command -v $b || echo /usr/bin/false) $out/bin/$b; done"; }) // { meta.mainProgram = builtins.head bins; };
  # Programs of the host by package; where only a name stands, that is the program too.
  programs = {
    bash = [ "bash" "sh" ];
    coreutils = [ "cat" "base64" "basename" "cp" "cut" "env" "mkdir" "mv" "rm" "sha256sum" "sleep" "tr" "true" ];
    util-linux = [ "flock" "prlimit" "choom" "setpriv" "nsenter" "unshare" ];
    iptables = [ "iptables" "iptables-restore" "ip6tables" "ip6tables-restore" ];
    bubblewrap = [ "bwrap" ];
    gnugrep = [ "grep" ];
    procps = [ "ps" ];
    openssh = [ "ssh" ];
    docker-client = [ "docker" ];
    gnutar = [ "tar" ];
  };
  self = base // import ./more.nix { inherit lib mk host; };
  base = lib.genAttrs [ "git" "jq" "coreutils" "bash" "openssh" "curl" "gitea" "docker" "docker-client" "gnutar" "esbuild" "util-linux" "restic" "bubblewrap" "iptables" "gnugrep" "procps" ] (n: host n (programs.${n} or [ n ])) // rec {
    inherit lib system; pkgs = self;
    stdenv = { inherit mkDerivation system; hostPlatform = plat; buildPlatform = plat; targetPlatform = plat; isLinux = true; isDarwin = false; }; stdenvNoCC = stdenv; plat = { inherit system; isLinux = true; isDarwin = false; };
    nodejs = host "nodejs" [ "node" "npm" ]; cacert = mk { name = "cacert"; buildCommand = "mkdir -p $out/etc/ssl/certs; ln -s /etc/ssl/certs/ca-certificates.crt $out/etc/ssl/certs/ca-bundle.crt"; }; nodejs_22 = nodejs; nodejs_24 = nodejs; nodejs-slim = nodejs; makeWrapper = mk { name = "make-wrapper-hook"; buildCommand = "mkdir $out"; }; makeBinaryWrapper = makeWrapper; installShellFiles = makeWrapper; pnpm = host "pnpm" [ "pnpm" ]; pnpm_10 = pnpm;
    callPackage = f: args: let g = if lib.isFunction f then f else import f; in g (builtins.intersectAttrs (lib.functionArgs g) self // args) // { override = a: callPackage f (args // a); };
    writeTextFile = { name, text, executable ? false, destination ? "", ... }: mk { inherit name text; passAsFile = [ "text" ]; buildCommand = "mkdir -p $(dirname $out${destination}); cp $textPath $out${destination}; ${lib.optionalString executable "chmod +x $out${destination}"}"; };
    writeText = name: text: writeTextFile { inherit name text; }; writeShellScript = name: text: writeTextFile { inherit name; executable = true; text = "#!/bin/bash\n${text}"; }; writeShellScriptBin = name: text: writeTextFile { inherit name; executable = true; destination = "/bin/${name}"; text = "#!/bin/bash\n${text}"; } // { meta.mainProgram = name; };
    writeShellApplication = { name, text, runtimeInputs ? [ ], ... }: writeShellScriptBin name "set -euo pipefail\nPATH=${lib.makeBinPath runtimeInputs}:$PATH\n${text}"; runCommand = name: env: buildCommand: mk ({ inherit name buildCommand; } // env); runCommandLocal = runCommand; symlinkJoin = { name, paths, ... }: mk { inherit name; paths = toString paths; buildCommand = "mkdir $out; for p in $paths; do cp -rsf $p/. $out/; chmod -R u+w $out; done"; }; linkFarm = name: es: mk { inherit name; buildCommand = "mkdir $out\n" + lib.concatMapStrings (e: "ln -s ${e.path} $out/${e.name}\n") es; };
    mkShell = a: mk ({ name = "shell"; buildCommand = "touch $out"; } // removeAttrs a [ "packages" "shellHook" "inputsFrom" ] // { nativeBuildInputs = a.packages or [ ]; shellHook = a.shellHook or ""; }); mkShellNoCC = mkShell;
    formats.json = { }: { type = lib.types.anything; generate = name: v: writeText name (builtins.toJSON v); };
    # the VM test cannot run here: evaluate its nodes and keep its script for a syntax check
    testers.runNixOSTest = m: let t = if lib.isFunction m then m { inherit pkgs lib; config = { }; } else if builtins.isPath m then testers'.load (import m) else m; nodes = lib.mapAttrs (_: n: (lib.evalModules { modules = [ ./nixos-options.nix n ]; specialArgs = { inherit pkgs; }; }).config) t.nodes; script = if lib.isFunction t.testScript then t.testScript { inherit nodes; } else t.testScript; in runCommand "vm-test-${t.name}-stub" { inherit script; passAsFile = [ "script" ]; units = builtins.toJSON (lib.mapAttrs (_: n: n.systemd.services) nodes); } "python3 -c 'import ast,sys; ast.parse(open(sys.argv[1]).read())' $scriptPath; cp $scriptPath $out";
    testers'.load = f: if lib.isFunction f then f { inherit pkgs lib; config = { }; } else f;
  };
in self
