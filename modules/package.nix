# All programs of ccci, with their manual and completions. `passthru.programs` has each of them alone.
{
  lib,
  stdenv,
  runCommand,
  linkFarm,
  makeWrapper,
  callPackage,
  nodejs,
  cacert,
  bubblewrap,
  chromium,
  coreutils,
  docker-client,
  git,
  python3,
  restic,
  util-linux,
  withChromium ? true,
}:
let
  manifest = builtins.fromJSON (builtins.readFile ../package.json);
  npm = import ./package/npm.nix {
    inherit
      lib
      stdenv
      runCommand
      linkFarm
      nodejs
      cacert
      ;
  };
  names = import ./package/names.nix;

  # What a run asks for: the engine's client, its own tools, and what the tests of recipes are made of.
  tools = [
    nodejs
    bubblewrap
    (callPackage ./package/busybox.nix { })
    coreutils
    docker-client
    git
    restic
    util-linux
    (python3.withPackages (python: [ python.pytest ]))
  ]
  ++ lib.optional withChromium chromium;
  # What poll, hook and report need is little, and on a server they may not have more.
  few = [
    nodejs
    coreutils
    util-linux
  ];
  toolsOf =
    name:
    if
      builtins.elem name [
        "ccci-dedupe"
        "ccci-hook"
        "ccci-poll"
        "ccci-report"
        "ccci-sweep"
      ]
    then
      few
    else
      tools;

  wrap = name: ''
    makeWrapper ${nodejs}/bin/node "$out/bin/${name}" --add-flags "$out/lib/ccci/bin/${name}" \
      --prefix PATH : ${lib.makeBinPath (toolsOf name)}
  '';

  whole = stdenv.mkDerivation {
    pname = "ccci";
    inherit (manifest) version;
    src = import ./package/source.nix;
    nativeBuildInputs = [
      nodejs
      makeWrapper
    ];
    configurePhase = ''
      node modules/package/install.mjs ${npm}
    '';
    buildPhase = ''
      node scripts/build.ts
    '';
    # The programs find what lies beside them, so they stay together; each is the file that `npm run build` makes.
    installPhase = ''
      mkdir -p "$out/lib" "$out/bin"
      cp -r dist "$out/lib/ccci"
      mv "$out/lib/ccci/share" "$out/share"
      ${lib.concatMapStrings wrap names}
    '';
    dontPatchShebangs = true;
    dontStrip = true;
    passthru = { inherit npm programs; };
    meta = {
      inherit (manifest) description;
      license = lib.licenses.gpl3Plus;
      platforms = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      mainProgram = "ccci";
    };
  };

  # One program with its page and completions; what it shares with the others is not copied.
  alone =
    name:
    runCommand name { meta.mainProgram = name; } ''
      mkdir -p "$out/bin"
      ln -s ${whole}/bin/${name} "$out/bin/${name}"
      cd ${whole}/share
      for file in man/man?/${name}.?* bash-completion/completions/${name} zsh/site-functions/_${name} \
        fish/vendor_completions.d/${name}.fish; do
        mkdir -p "$out/share/$(dirname "$file")"
        ln -s "${whole}/share/$file" "$out/share/$file"
      done
    '';
  programs = lib.genAttrs names alone;
in
whole
