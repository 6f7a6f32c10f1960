import type { Config } from '@ccci/lib/config/schema.ts';

/**
 * What services would lack of the forges, though a person at home may not: `modules/nixos/assertions.nix` asks for the
 * same. Empty when nothing is wrong.
 */
export function forgeProblems({ forges }: Config): string[] {
  const names = Object.entries(forges);
  if (names.length === 0) {
    return [
      'no forge is named, and all that the services do is for one: forges.NAME with url, organisations, tokenFile, reportTokenFile',
    ];
  }
  return names.flatMap(([name, { organisations, repositories, tokenFile, reportTokenFile }]) => [
    ...(organisations.length + repositories.length > 0
      ? []
      : [`forges.${name}: nothing is enrolled; set organisations or repositories`]),
    ...(tokenFile !== undefined ? [] : [`forges.${name}.tokenFile is not set: nothing would be seen`]),
    ...(reportTokenFile !== undefined
      ? []
      : [`forges.${name}.reportTokenFile is not set: no verdict would be posted`]),
    ...(tokenFile === undefined || tokenFile !== reportTokenFile
      ? []
      : [
          `forges.${name}: tokenFile and reportTokenFile are one file, so what reads comments could also write; make two tokens`,
        ]),
  ]);
}
