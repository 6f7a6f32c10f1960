# The module system: modules with options and definitions in, options and configuration out.
{ lib }:
let
  inherit (lib)
    any
    attrNames
    concatMap
    filter
    functionArgs
    genAttrs
    head
    isAttrs
    isFunction
    isOption
    length
    mapAttrs
    mergeOption
    optional
    removeAttrs
    setsOf
    showOption
    unique
    ;
  namesOf = sets: unique (concatMap attrNames sets);
  having = name: sets: map (set: set.${name}) (filter (set: set ? ${name}) sets);

  known = [
    "_file"
    "config"
    "freeformType"
    "imports"
    "key"
    "meta"
    "options"
  ];
  /** A module as a set with all its parts: without `options` and `config`, everything is a definition. */
  whole =
    module:
    let
      strange = filter (name: !builtins.elem name known) (attrNames module);
      isLong = module ? config || module ? options;
    in
    if isLong && strange != [ ] then
      throw "Module has an unsupported attribute `${head strange}'. It belongs below `config'."
    else
      {
        imports = module.imports or [ ];
        options = module.options or { };
        config = if isLong then module.config or { } else removeAttrs module known;
        freeformType = module.freeformType or null;
      };

  declared =
    loc: sets:
    genAttrs (namesOf sets) (
      name:
      let
        here = having name sets;
        at = loc ++ [ name ];
      in
      if !any isOption here then
        declared at here
      else if length here == 1 then
        head here
      else
        throw "The option `${showOption at}' is already declared."
    );

  /** `freeform` takes what no option takes; null refuses it. */
  defined =
    freeform: loc: options: definitions:
    let
      sets = concatMap (setsOf loc) definitions;
      strange = filter (name: !(options ? ${name})) (namesOf sets);
      extra =
        if freeform != null then
          freeform.merge loc (map (set: removeAttrs set (attrNames options)) sets)
        else if strange == [ ] then
          { }
        else
          throw "The option `${showOption (loc ++ [ (head strange) ])}' does not exist.";
      values = mapAttrs (
        name: option:
        let
          at = loc ++ [ name ];
          here = having name sets;
        in
        if isOption option then mergeOption at option here else defined null at option here
      ) options;
    in
    if freeform == null then builtins.seq extra values else extra // values;
in
{
  modules,
  specialArgs ? { },
  prefix ? [ ],
}:
let
  given = {
    inherit lib config options;
  }
  // specialArgs;
  argument =
    name: config._module.args.${name} or (throw "a module asks for `${name}', which is no argument of modules");
  called =
    module:
    let
      value = if isAttrs module || isFunction module then module else import module;
      wanted = removeAttrs (functionArgs value) (attrNames given);
    in
    if isFunction value then value (given // mapAttrs (name: _: argument name) wanted) else value;
  withImports =
    module:
    let
      one = whole (called module);
    in
    [ one ] ++ concatMap withImports one.imports;

  arguments.options._module.args = lib.mkOption {
    type = lib.types.lazyAttrsOf lib.types.raw;
    default = { };
  };
  all = concatMap withImports (modules ++ [ arguments ]);
  freeform = filter (type: type != null) (map (module: module.freeformType) all);
  options = declared prefix (map (module: module.options) all);
  config = defined (if freeform == [ ] then null else head freeform) prefix options (
    # The last module comes first, as in the lists of every host.
    lib.foldl' (later: module: [ module.config ] ++ later) [ ] all
  );
in
{
  options = removeAttrs options [ "_module" ];
  config = removeAttrs config [ "_module" ];
}
