# Types of ours; each says what it is when a value is not.
{ lib }:
let
  inherit (lib) types;
  inStore = path: lib.hasPrefix builtins.storeDir (toString path);
in
rec {
  inherit inStore;

  /**
    A folder of ours on the host. It gets an owner and a mode of its own: one of the system's own, such as `/` or `/srv`,
    would be closed to everybody else.
  */
  hostPath =
    let
      first = "[^/. %$:\"'\\]";
      rest = "[^/ %$:\"'\\]*";
    in
    types.addCheck (types.strMatching "(/${first}${rest}){2,}") (path: !inStore path);

  /**
    A file with a secret, as `LoadCredential` can say it: a colon would end its name, and `%` begin another. Whether it lies
    in the store is an assertion, because that has more to say.
  */
  secretFile = types.addCheck types.path (path: builtins.match "[^:%]*" (toString path) != null) // {
    description = "path of a file, without : and %";
  };

  network =
    let
      octet = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    in
    types.strMatching "(${octet}\\.){3}${octet}/(3[0-2]|[12]?[0-9])";

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
