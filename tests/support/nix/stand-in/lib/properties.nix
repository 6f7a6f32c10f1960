# Options, and what a definition can carry besides its value: conditions, priorities.
{ lib }:
let
  inherit (lib)
    any
    concatMap
    concatStringsSep
    filter
    isAttrs
    mapAttrs
    optional
    ;
  defaultPriority = 100;
  ofOptions = 1500;
in
rec {
  mkOption = option: { _type = "option"; } // option;
  mkEnableOption =
    what:
    mkOption {
      type = lib.types.bool;
      default = false;
      description = "Whether to enable ${what}.";
    };
  literalExpression = text: {
    _type = "literalExpression";
    inherit text;
  };
  showOption = concatStringsSep ".";
  isOption = value: value._type or "" == "option";

  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };
  mkMerge = contents: {
    _type = "merge";
    inherit contents;
  };
  mkOverride = priority: content: {
    _type = "override";
    inherit priority content;
  };
  mkForce = mkOverride 50;
  mkDefault = mkOverride 1000;

  /** The sets that a definition of a set stands for; its properties are on each of their attributes then. */
  setsOf =
    loc: definition:
    if !isAttrs definition then
      throw "A definition for option `${showOption loc}' is not a set of options: ${builtins.toJSON definition}"
    else
      {
        merge = concatMap (setsOf loc) definition.contents;
        "if" = map (mapAttrs (_: mkIf definition.condition)) (setsOf loc definition.content);
        override = map (mapAttrs (_: mkOverride definition.priority)) (setsOf loc definition.content);
      }
      .${definition._type or ""} or [ definition ];

  /** The values of an option that count: those of the highest priority. */
  valuesOf =
    definitions:
    let
      all = concatMap prioritised definitions;
      best = builtins.foldl' (least: { priority, ... }: if priority < least then priority else least) 9999 all;
    in
    map ({ value, ... }: value) (filter ({ priority, ... }: priority == best) all);

  prioritised =
    definition:
    {
      merge = concatMap prioritised definition.contents;
      "if" = if definition.condition then prioritised definition.content else [ ];
      override = map (one: one // { inherit (definition) priority; }) (prioritised definition.content);
    }
    .${definition._type or ""} or [
      {
        priority = defaultPriority;
        value = definition;
      }
    ];

  /** Value of an option out of all its definitions. */
  mergeOption =
    loc: option: definitions:
    let
      isSet = any (_: true) (concatMap prioritised definitions);
      values = valuesOf (
        definitions ++ optional (option ? default && !isSet) (mkOverride ofOptions option.default)
      );
    in
    if values != [ ] then
      mergeValues loc option.type values
    else
      option.type.emptyValue
        or (throw "The option `${showOption loc}' was accessed but has no value defined. Try setting the option.");

  mergeValues =
    loc: type: values:
    let
      wrong = filter (value: !type.check value) values;
    in
    if wrong == [ ] then
      type.merge loc values
    else
      throw "A definition for option `${showOption loc}' is not of type `${type.description}'. Definition values: ${shown wrong}";

  shown = values: concatStringsSep ", " (map show values);
  show =
    value:
    if isAttrs value || builtins.isFunction value || builtins.isList value then
      "a ${builtins.typeOf value}"
    else
      builtins.toJSON value;
}
