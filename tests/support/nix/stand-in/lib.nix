# A small stand-in for nixpkgs' `lib`: just enough of the module system and helpers to evaluate our NixOS module without nixpkgs.
let
  b = builtins;
  lib = rec {
    inherit (b) map filter elem head tail length attrNames attrValues mapAttrs listToAttrs concatLists concatMap concatStringsSep isList isAttrs isString isInt isBool isFunction isPath removeAttrs intersectAttrs foldl' genList replaceStrings match split substring stringLength toJSON fromJSON readFile elemAt all any sort functionArgs typeOf catAttrs hasAttr;
    # --- small helpers
    id = x: x; flip = f: a: c: f c a; const = a: _: a;
    nameValuePair = name: value: { inherit name value; };
    mapAttrsToList = f: s: map (n: f n s.${n}) (attrNames s);
    mapAttrs' = f: s: listToAttrs (mapAttrsToList f s);
    concatMapAttrs = f: s: foldl' (a: c: a // c) { } (mapAttrsToList f s);
    filterAttrs = p: s: removeAttrs s (filter (n: !(p n s.${n})) (attrNames s));
    genAttrs = ns: f: listToAttrs (map (n: nameValuePair n (f n)) ns);
    optional = c: x: if c then [ x ] else [ ]; optionals = c: x: if c then x else [ ]; optionalAttrs = c: x: if c then x else { }; optionalString = c: x: if c then x else "";
    concatStrings = concatStringsSep ""; concatMapStrings = f: l: concatStrings (map f l); concatMapStringsSep = s: f: l: concatStringsSep s (map f l); concatMapAttrsStringSep = s: f: a: concatStringsSep s (mapAttrsToList f a);
    unique = foldl' (a: x: if elem x a then a else a ++ [ x ]) [ ]; flatten = x: if isList x then concatMap flatten x else [ x ]; singleton = x: [ x ]; imap0 = f: l: genList (i: f i (elemAt l i)) (length l);
    hasPrefix = p: s: substring 0 (stringLength p) s == p; hasSuffix = p: s: let n = stringLength s; m = stringLength p; in n >= m && substring (n - m) n s == p; hasInfix = i: s: match ".*${escapeRegex i}.*" s != null;
    splitString = sep: s: filter isString (split (escapeRegex sep) s); toIntBase10 = s: fromJSON (head (match "0*([0-9]+)" s)); toInt = toIntBase10;
    removePrefix = p: s: if hasPrefix p s then substring (stringLength p) (-1) s else s; removeSuffix = p: s: if hasSuffix p s then substring 0 (stringLength s - stringLength p) s else s;
    escape = cs: replaceStrings cs (map (c: "\\${c}") cs); escapeRegex = escape [ "\\" "[" "{" "(" ")" "^" "$" "?" "*" "+" "|" "." ];
    escapeShellArg = a: let s = toString a; in if match "[[:alnum:],._+:@%/-]+" s == null then "'${replaceStrings [ "'" ] [ "'\\''" ] s}'" else s; escapeShellArgs = concatMapStringsSep " " escapeShellArg;
    boolToString = x: if x then "true" else "false"; toLower = replaceStrings (split' "ABCDEFGHIJKLMNOPQRSTUVWXYZ") (split' "abcdefghijklmnopqrstuvwxyz"); split' = s: genList (i: substring i 1 s) (stringLength s);
    importJSON = p: fromJSON (readFile p); recursiveUpdate = x: y: if isAttrs x && isAttrs y && !isDerivation x then x // y // mapAttrs (n: _: recursiveUpdate x.${n} y.${n}) (intersectAttrs x y) else y;
    attrByPath = p: d: s: if p == [ ] then s else if s ? ${head p} then attrByPath (tail p) d s.${head p} else d; getAttrFromPath = p: attrByPath p (throw "missing attribute ${showOption p}");
    isDerivation = x: isAttrs x && x.type or null == "derivation"; getBin = x: x.bin or x; getExe' = x: y: "${getBin x}/bin/${y}"; getExe = x: getExe' x (x.meta.mainProgram or x.pname or x.name); makeBinPath = l: concatMapStringsSep ":" (x: "${getBin x}/bin") l;
    throwIf = c: m: if c then throw m else id; throwIfNot = c: throwIf (!c); warn = _: id; warnIf = _: _: id; versionAtLeast = a: c: b.compareVersions a c >= 0; cleanSource = id; literalExpression = text: { _type = "literalExpression"; inherit text; }; literalMD = literalExpression; mdDoc = id;
    platforms = { linux = [ "x86_64-linux" "aarch64-linux" ]; unix = platforms.linux ++ [ "x86_64-darwin" "aarch64-darwin" ]; all = platforms.unix; }; licenses = genAttrs [ "mit" "agpl3Only" "agpl3Plus" "gpl3Only" "gpl3Plus" "asl20" "eupl12" ] (n: { shortName = n; }); maintainers = { };
    fileset = { toSource = { root, fileset }: root; unions = id; union = a: _: a; gitTracked = id; difference = a: _: a; maybeMissing = id; fileFilter = _: id; intersection = a: _: a; };
    # --- options and properties
    mkOption = o: { _type = "option"; } // o; mkEnableOption = d: mkOption { type = types.bool; default = false; description = "Whether to enable ${d}."; };
    mkPackageOption = pkgs: name: { default ? name, nullable ? false, ... }: mkOption { type = if nullable then types.nullOr types.package else types.package; default = if default == null then null else attrByPath (if isList default then default else [ default ]) (throw "package ${toString default} not in pkgs") pkgs; description = "The ${toString name} package to use."; };
    mkIf = condition: content: { _type = "if"; inherit condition content; }; mkMerge = contents: { _type = "merge"; inherit contents; }; mkOverride = priority: content: { _type = "override"; inherit priority content; }; mkDefault = mkOverride 1000; mkOptionDefault = mkOverride 1500; mkForce = mkOverride 50; mkVMOverride = mkOverride 10; mkOrder = priority: content: { _type = "order"; inherit priority content; }; mkBefore = mkOrder 500; mkAfter = mkOrder 1500;
    showOption = concatStringsSep ".";
    pushDown = c: let t = c._type or ""; in if t == "merge" then concatMap pushDown c.contents else if t == "if" then map (mapAttrs (_: mkIf c.condition)) (pushDown c.content) else if t == "override" then map (mapAttrs (_: mkOverride c.priority)) (pushDown c.content) else [ c ];
    discharge = v: let t = v._type or ""; in if !isAttrs v then [ { prio = 100; value = v; } ] else if t == "merge" then concatMap discharge v.contents else if t == "if" then (if v.condition then discharge v.content else [ ]) else if t == "override" then map (d: d // { prio = v.priority; }) (discharge v.content) else if t == "order" then map (d: d // { order = v.priority; }) (discharge v.content) else [ { prio = 100; value = v; } ];
    values = raw: let ds = concatMap discharge raw; p = foldl' (a: d: if d.prio < a then d.prio else a) 9999 ds; in map (d: d.value) (sort (x: y: (x.order or 1000) < (y.order or 1000)) (filter (d: d.prio == p) ds));
    evalOption = loc: o: raw: let isSet = any (d: d.prio < 1500) (concatMap discharge raw); all = raw ++ optional (o ? default && !isSet) (mkOptionDefault o.default); vs = values all; t = o.type or types.unspecified;
      v = if vs == [ ] then (if t ? emptyValue then t.emptyValue else throw "The option `${showOption loc}' was accessed but has no value defined.") else t.merge loc vs;
      in if o.readOnly or false && length raw > 1 then throw "The option `${showOption loc}' is read-only" else (o.apply or id) v;
    mergeOptions = loc: os: let names = unique (concatMap attrNames os); in genAttrs names (n: let here = catAttrs n os; in if any (x: x._type or "" == "option") here then (if length here > 1 then throw "The option `${showOption (loc ++ [ n ])}' is declared twice" else head here) else mergeOptions (loc ++ [ n ]) here);
    mergeConfig = freeform: loc: os: cs: let flat = concatMap pushDown cs; unknown = filter (n: !(os ? ${n})) (unique (concatMap attrNames flat));
        extra = if unknown == [ ] then { } else if freeform == null then throw "The option `${showOption (loc ++ [ (head unknown) ])}' does not exist." else freeform.merge loc (map (c: removeAttrs c (attrNames os)) (filter isAttrs flat));
      in (if freeform == null then b.seq extra { } else extra) // mapAttrs (n: o: let ds = catAttrs n flat; l = loc ++ [ n ]; in if o._type or "" == "option" then evalOption l o ds else mergeConfig null l o ds) os;
    evalModules = { modules, specialArgs ? { }, prefix ? [ ], class ? null }: let
        load = m: let f = if isPath m || isString m then import m else m; args = { inherit lib config options; } // specialArgs; fa = functionArgs f; v = if isFunction f then f (args // mapAttrs (n: _: argOf n) (removeAttrs fa (attrNames args))) else f; argOf = n: (config._module.args.${n} or (throw "module argument `${n}' is not set"));
          norm = if v ? config || v ? options then { imports = v.imports or [ ]; options = v.options or { }; config = v.config or { }; ff = v.freeformType or null; } else { imports = v.imports or [ ]; options = { }; config = removeAttrs v [ "imports" "_file" "key" "_class" "freeformType" "meta" ]; ff = v.freeformType or null; };
          in [ norm ] ++ concatMap load norm.imports;
        ms = concatMap load (modules ++ [ { options._module.args = mkOption { type = types.lazyAttrsOf types.raw; default = { }; }; } ]);
        ffs = filter (x: x != null) (map (m: m.ff) ms); options = mergeOptions prefix (map (m: m.options) ms); config = mergeConfig (if ffs == [ ] then null else head ffs) prefix options (map (m: m.config) ms);
      in { inherit options config; };
    # --- types
    mkType = t: { _type = "option-type"; } // t; one = loc: vs: if all (v: v == head vs) vs then head vs else throw "The option `${showOption loc}' has conflicting definition values.";
    scalar = name: check: mkType { inherit name check; merge = loc: vs: let bad = filter (v: !(check v)) vs; in if bad != [ ] then throw "A definition for option `${showOption loc}' is not of type `${name}'." else one loc vs; };
    types = rec {
      bool = scalar "boolean" isBool; int = scalar "signed integer" isInt; float = scalar "floating point number" b.isFloat; number = either int float; str = scalar "string" (x: isString x); nonEmptyStr = scalar "non-empty string" (x: isString x && match "[ \t\n]*" x == null); singleLineStr = scalar "single-line string" (x: isString x && match ".*\n.*" x == null); strMatching = re: scalar "string matching the pattern ${re}" (x: isString x && match re x != null);
      path = scalar "absolute path" (x: isPath x || (isAttrs x && x ? outPath) || (isString x && hasPrefix "/" x)); pathInStore = path; externalPath = path; package = scalar "package" (x: isDerivation x || isPath x || (isAttrs x && x ? outPath)); raw = mkType { name = "raw"; check = _: true; merge = loc: vs: if length vs == 1 then head vs else throw "The option `${showOption loc}' is defined multiple times"; }; unspecified = mkType { name = "unspecified"; check = _: true; merge = anything.merge; };
      ints = { positive = scalar "positive integer" (x: isInt x && x > 0); unsigned = scalar "unsigned integer" (x: isInt x && x >= 0); between = lo: hi: scalar "integer between ${toString lo} and ${toString hi}" (x: isInt x && x >= lo && x <= hi); }; port = ints.between 0 65535; enum = vs: scalar "one of ${toJSON vs}" (x: elem x vs);
      separatedString = sep: mkType { name = "string"; check = isString; merge = loc: vs: concatStringsSep sep vs; }; lines = separatedString "\n"; commas = separatedString ","; envVar = separatedString ":";
      anything = mkType { name = "anything"; check = _: true; merge = loc: vs: if length vs == 1 && !isAttrs (head vs) then head vs else if all isAttrs vs && !any isDerivation vs then (attrsOf anything).merge loc vs else if all isList vs then concatLists vs else one loc vs; };
      listOf = t: mkType { name = "list of ${t.name}"; check = isList; emptyValue = [ ]; merge = loc: vs: if any (v: !(isList v)) vs then throw "A definition for option `${showOption loc}' is not of type `list of ${t.name}'." else concatLists (map (v: concatLists (imap0 (i: x: let d = values [ x ]; in map (y: t.merge (loc ++ [ "[${toString i}]" ]) [ y ]) d) v)) vs); }; nonEmptyListOf = listOf;
      attrsOf = t: mkType { name = "attribute set of ${t.name}"; check = isAttrs; emptyValue = { }; merge = loc: vs: if any (v: !(isAttrs v)) vs then throw "A definition for option `${showOption loc}' is not of type `attribute set of ${t.name}'." else let flat = concatMap pushDown vs; r = genAttrs (unique (concatMap attrNames flat)) (n: values (catAttrs n flat)); in mapAttrs (n: d: t.merge (loc ++ [ n ]) d) (filterAttrs (_: d: d != [ ]) r); }; lazyAttrsOf = attrsOf; attrs = attrsOf anything;
      nullOr = t: mkType { name = "null or ${t.name}"; check = x: x == null || t.check x; emptyValue = null; merge = loc: vs: if all (v: v == null) vs then null else t.merge loc vs; };
      either = x: y: mkType { name = "${x.name} or ${y.name}"; check = v: x.check v || y.check v; merge = loc: vs: if all x.check vs then x.merge loc vs else if all y.check vs then y.merge loc vs else throw "A definition for option `${showOption loc}' is not of type `${x.name} or ${y.name}'."; }; oneOf = ts: foldl' either (head ts) (tail ts); coercedTo = from: f: to: mkType { name = to.name; check = v: from.check v || to.check v; merge = loc: vs: to.merge loc (map (v: if from.check v then f v else v) vs); };
      submoduleWith = { modules, specialArgs ? { }, shorthandOnlyDefinesConfig ? true, ... }: mkType { name = "submodule"; check = x: isAttrs x || isFunction x || isPath x; emptyValue = (submoduleWith { inherit modules specialArgs; }).merge [ ] [ { } ]; merge = loc: vs: removeAttrs (evalModules { modules = modules ++ map (v: if isAttrs v then { config = v; } else v) vs ++ [ { _module.args.name = if loc == [ ] then "" else b.elemAt loc (length loc - 1); } ]; inherit specialArgs; prefix = loc; }).config [ "_module" ]; }; submodule = m: submoduleWith { modules = if isList m then m else [ m ]; }; deferredModule = raw; functionTo = _: raw;
    };
  };
in lib
