# The npm packages of a build, as the registry has them: a folder of `<folder>.tgz`, each by its hash in
# npm-sources.json, got by npm itself, so that no address has to be written down.
{
  lib,
  stdenv,
  runCommand,
  linkFarm,
  nodejs,
  cacert,
}:
let
  inherit (builtins.fromJSON (builtins.readFile ../npm-sources.json)) sources;
  cpu = if lib.hasPrefix "aarch64" stdenv.hostPlatform.system then "arm64" else "x64";
  runsHere = source: (source.platform or "linux-${cpu}") == "linux-${cpu}";

  # The store knows no "@" in names.
  nameOf = folder: builtins.replaceStrings [ "@" ] [ "-" ] (lib.removePrefix "@" folder) + ".tgz";

  fetch =
    {
      folder,
      name,
      version,
      hash,
      ...
    }:
    runCommand (nameOf folder)
      {
        nativeBuildInputs = [ nodejs ];
        outputHashMode = "flat";
        outputHashAlgo = null;
        outputHash = hash;
        # Node believes this besides what it was built with.
        NODE_EXTRA_CA_CERTS = "${cacert}/etc/ssl/certs/ca-bundle.crt";
        # A proxy, or a registry of one's own, as for every npm.
        impureEnvVars = [
          "http_proxy"
          "https_proxy"
          "no_proxy"
          "HTTP_PROXY"
          "HTTPS_PROXY"
          "NO_PROXY"
          "npm_config_registry"
        ];
      }
      ''
        export HOME="$NIX_BUILD_TOP"
        npm pack --loglevel error ${name}@${version} > packed
        mv "$(tail -n 1 packed)" "$out"
      '';
in
linkFarm "ccci-npm" (
  map (source: {
    name = "${source.folder}.tgz";
    path = fetch source;
  }) (builtins.filter runsHere sources)
)
