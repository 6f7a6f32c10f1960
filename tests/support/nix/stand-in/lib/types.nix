# Types of options: what they take (`check`), and what several definitions make (`merge`).
{ lib }:
let
  inherit (lib)
    all
    attrNames
    concatLists
    concatMap
    concatStringsSep
    elem
    filter
    filterAttrs
    genAttrs
    hasPrefix
    head
    imap0
    isAttrs
    isFunction
    isList
    isString
    length
    mapAttrs
    mergeValues
    setsOf
    showOption
    unique
    valuesOf
    ;
  inherit (builtins) isInt isPath match;
  at = loc: name: loc ++ [ name ];

  equal =
    loc: values:
    if all (value: value == head values) values then
      head values
    else
      throw "The option `${showOption loc}' has conflicting definition values.";
  only =
    loc: values:
    if length values == 1 then
      head values
    else
      throw "The option `${showOption loc}' is defined multiple times while it's expected to be unique.";
  /** `getSubOptions`: the options of what lies in it. */
  type =
    description: check: merge: more:
    { getSubOptions = _: { }; } // { inherit description check merge; } // more;
  scalar = description: check: type description check equal { };

  submoduleOf =
    modules:
    let
      evaluate =
        loc: more:
        lib.evalModules {
          modules = modules ++ [ { _module.args.name = lib.elemAt loc (length loc - 1); } ] ++ more;
          prefix = loc;
        };
      asModule = value: if isAttrs value then { config = value; } else value;
    in
    type "submodule" (value: isAttrs value || isFunction value || isPath value)
      (loc: values: (evaluate loc (map asModule values)).config)
      {
        emptyValue = { };
        getSubOptions = loc: (evaluate (loc ++ [ "<name>" ]) [ ]).options;
      };
in
rec {
  bool = scalar "boolean" builtins.isBool;
  int = scalar "signed integer" isInt;
  float = scalar "floating point number" builtins.isFloat;
  str = scalar "string" isString;
  singleLineStr = scalar "string without line breaks" (
    value: isString value && match "[^\n]*\n?" value != null
  );
  strMatching =
    pattern: scalar "string matching the pattern ${pattern}" (value: isString value && match pattern value != null);
  lines = type "strings concatenated with \"\\n\"" isString (_: concatStringsSep "\n") { };
  path = scalar "absolute path" (
    value: (isPath value || isString value || value ? outPath) && hasPrefix "/" (toString value)
  );
  package = scalar "package" (value: value ? outPath || isPath value);
  enum = values: scalar "one of ${builtins.toJSON values}" (value: elem value values);
  ints = {
    positive = scalar "positive integer, meaning >0" (value: isInt value && value > 0);
    unsigned = scalar "unsigned integer, meaning >=0" (value: isInt value && value >= 0);
    between =
      low: high:
      scalar "integer between ${toString low} and ${toString high} (both inclusive)" (
        value: isInt value && value >= low && value <= high
      );
  };
  port = scalar "16 bit unsigned integer" (ints.between 0 65535).check;
  raw = type "raw value" (_: true) only { };
  anything =
    type "anything" (_: true)
      (
        loc: values:
        if all isAttrs values && !lib.any lib.isDerivation values then
          (attrsOf anything).merge loc values
        else if all isList values || all isFunction values then
          only loc values
        else
          equal loc values
      )
      { };

  listOf =
    element:
    let
      # A definition in a list may have a condition, too.
      merged = loc: index: value: map (one: mergeValues (at loc "[${toString index}]") element [ one ]) (valuesOf [ value ]);
    in
    type "list of ${element.description}" isList
      (loc: lists: concatLists (concatMap (list: imap0 (merged loc) list) lists))
      {
        emptyValue = [ ];
        inherit (element) getSubOptions;
      };
  attrsOf =
    element:
    type "attribute set of ${element.description}" isAttrs
      (
        loc: values:
        let
          sets = concatMap (setsOf loc) values;
          named = genAttrs (unique (concatMap attrNames sets)) (
            name: valuesOf (map (set: set.${name}) (filter (set: set ? ${name}) sets))
          );
        in
        mapAttrs (name: mergeValues (at loc name) element) (filterAttrs (_: found: found != [ ]) named)
      )
      {
        emptyValue = { };
        inherit (element) getSubOptions;
      };
  # Names are known here before values are, too.
  lazyAttrsOf = attrsOf;
  nullOr =
    element:
    type "null or ${element.description}" (value: value == null || element.check value)
      (
        loc: values:
        if all (value: value == null) values then
          null
        else if elem null values then
          throw "The option `${showOption loc}' is defined both null and not null."
        else
          mergeValues loc element values
      )
      {
        emptyValue = null;
        inherit (element) getSubOptions;
      };
  either =
    one: other:
    type "${one.description} or ${other.description}" (value: one.check value || other.check value)
      (
        loc: values:
        if all one.check values then
          one.merge loc values
        else if all other.check values then
          other.merge loc values
        else
          only loc values
      )
      { };
  oneOf = types: lib.foldl' either (head types) (lib.tail types);
  addCheck = element: check: element // { check = value: element.check value && check value; };
  submodule = module: submoduleOf (if isList module then module else [ module ]);
}
