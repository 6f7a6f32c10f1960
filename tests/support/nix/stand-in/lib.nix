# What our module, package and flake use of nixpkgs' `lib`, by its names: helpers here, options and modules in lib/. It
# refuses what the real one refuses; `npm test` with CCCI_NIXPKGS_LIB=PATH asks the real one.
let
  helpers = rec {
    inherit (builtins)
      all
      any
      attrNames
      attrValues
      concatLists
      concatMap
      concatStringsSep
      elem
      elemAt
      filter
      foldl'
      functionArgs
      genList
      head
      isAttrs
      isFunction
      isList
      isString
      length
      mapAttrs
      removeAttrs
      replaceStrings
      stringLength
      substring
      tail
      ;

    # Lists
    optional = condition: value: if condition then [ value ] else [ ];
    optionals = condition: values: if condition then values else [ ];
    imap0 = f: list: genList (index: f index (elemAt list index)) (length list);
    unique = foldl' (known: one: if elem one known then known else known ++ [ one ]) [ ];

    # Sets
    nameValuePair = name: value: { inherit name value; };
    genAttrs = names: f: builtins.listToAttrs (map (name: nameValuePair name (f name)) names);
    optionalAttrs = condition: set: if condition then set else { };
    filterAttrs = keep: set: removeAttrs set (filter (name: !keep name set.${name}) (attrNames set));
    mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
    recursiveUpdate =
      old: new:
      if isAttrs old && isAttrs new then
        old // new // mapAttrs (name: recursiveUpdate old.${name}) (builtins.intersectAttrs old new)
      else
        new;

    # Strings
    optionalString = condition: text: if condition then text else "";
    concatMapStrings = f: list: concatStringsSep "" (map f list);
    hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
    removePrefix =
      prefix: text: if hasPrefix prefix text then substring (stringLength prefix) (-1) text else text;
    splitString =
      separator: text: filter isString (builtins.split (escapeRegex separator) (toString text));
    hasInfix = part: text: length (splitString part text) > 1;
    escapeRegex =
      let
        special = [ "\\" "[" "{" "(" ")" "^" "$" "?" "*" "+" "|" "." ];
      in
      replaceStrings special (map (one: "\\${one}") special);
    toIntBase10 = text: builtins.fromJSON (head (builtins.match "0*([0-9]+)" text));

    # Packages
    isDerivation = value: value.type or null == "derivation";
    makeBinPath = packages: concatStringsSep ":" (map (one: "${one}/bin") packages);
    licenses.gpl3Plus.spdxId = "GPL-3.0-or-later";
    trivial.release = "26.05";
  };
  properties = import ./lib/properties.nix { inherit lib; };
  lib =
    helpers
    // properties
    // {
      types = import ./lib/types.nix { inherit lib; };
      evalModules = import ./lib/modules.nix { inherit lib; };
    };
in
lib
