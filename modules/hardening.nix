# What a unit may not do, by name: `strict` for programs that only read, write and talk HTTP, `engine` for those that run
# recipes (their sandbox needs namespaces and an unobstructed /proc). Plain Debian gets the same from units.json.
(builtins.fromJSON (builtins.readFile ./units.json)).hardening
