# What the programs are built from: a change of anything else builds nothing anew.
let
  root = ../..;
  wanted = [
    "LICENSE"
    "docs/manual"
    "lib"
    "modules/host"
    "modules/npm-sources.json"
    "modules/package/install.mjs"
    "modules/units.json"
    "package.json"
    "scripts"
    "tools"
    "tsconfig.json"
  ];
  prefix = toString root + "/";
  isBelow = folder: path: folder == path || builtins.substring 0 (builtins.stringLength folder + 1) path == folder + "/";
  keep =
    path: _type:
    let
      relative = builtins.substring (builtins.stringLength prefix) (-1) path;
    in
    baseNameOf path != "node_modules"
    && builtins.any (one: isBelow one relative || isBelow relative one) wanted;
in
builtins.path {
  name = "ccci-source";
  path = root;
  filter = keep;
}
