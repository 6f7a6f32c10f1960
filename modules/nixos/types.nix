# Types of ours; each says what it is when a value is not.
{ lib }:
let
  inherit (lib) types;
  inStore = path: lib.hasPrefix builtins.storeDir (toString path);
in
rec {
  inherit inStore;

  /** A folder of the host: never one of the store, which nobody can write. */
  hostPath = types.strMatching "/[^ %$:\"']*";

  /** A file with a secret. Whether it lies in the store is an assertion, because that has more to say. */
  secretFile = types.path;

  network = types.strMatching "([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}";

  json = types.nullOr (
    types.oneOf [
      types.bool
      types.int
      types.float
      types.str
      (types.listOf types.anything)
      (types.attrsOf types.anything)
    ]
  );
}
