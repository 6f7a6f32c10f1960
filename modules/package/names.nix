# Names of the programs: the folders of tools that have a main.ts.
let
  tools = builtins.readDir ../../tools;
  isTool =
    name: tools.${name} == "directory" && builtins.pathExists (../../tools + "/${name}/main.ts");
  nameOf = name: if name == "ccci" then name else "ccci-${name}";
in
map nameOf (builtins.filter isTool (builtins.attrNames tools))
