import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Nix, onHost } from './lab.ts';
import type { EvaluatedUnits } from './unit-text.ts';

const dist = join(import.meta.dirname, '..', '..', '..', 'dist');

export type PackageOptions = {
  /** Shell code that changes what was built, in `$out/libexec`. */
  readonly prepare?: string;
  /** Node that starts the programs; the one of the store unless given. */
  readonly node?: string;
};

/** What `npm run build` made, as the module's package. */
export function packageOf({ prepare = '', node = '${pkgs.nodejs}/bin/node' }: PackageOptions = {}): string {
  return `services.ccci.package = pkgs.runCommand "ccci" {
    dist = builtins.path { path = ${dist}; name = "dist"; filter = path: type: builtins.match "[.].*|demo|.*[.]tgz" (baseNameOf path) == null; };
  } ''
    mkdir -p $out/bin
    cp -r $dist $out/libexec
    chmod -R u+w $out/libexec
    ${prepare}
    for program in $out/libexec/bin/*; do
      name=$(basename $program)
      printf '#!/bin/sh\\nexec ${node} %s "$@"\\n' $program > $out/bin/$name
      chmod +x $out/bin/$name
    done
  '';`;
}

export type BuiltHost = {
  readonly units: EvaluatedUnits;
  /** For systemd-tmpfiles. */
  readonly folders: Readonly<
    Record<string, { readonly d: { readonly mode: string; readonly user: string; readonly group: string } }>
  >;
  readonly users: Readonly<
    Record<string, { readonly group: string; readonly extraGroups: readonly string[] }>
  >;
};

/**
 * Evaluates a host and builds all that its units name: programs, configurations (which the programs check then). The
 * host's package is what was built of this tree, unless it names another.
 */
export async function buildHost(nix: Nix, host: string, packageText = packageOf()): Promise<BuiltHost> {
  const wanted = `{ inherit (r) units folders users; }`;
  const file = await nix.build(
    `let r = ${onHost(`${host} ${packageText}`)}; in r.pkgs.writeText "host.json" (builtins.toJSON ${wanted})`,
  );
  return JSON.parse(readFileSync(file, 'utf8')) as BuiltHost;
}
