import type { LoadedConfig } from '@ccci/lib/config/load.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';

/**
 * All paths that get into units have to be absolute, because a service has no folder of its own, and plain, because
 * systemd gives a meaning to spaces, `%` and `$`. `Failure` 78 with all that are not.
 */
export function checkPaths(config: LoadedConfig): void {
  const problems = pathsOf(config).flatMap(([key, path]) => problemOf(key, path));
  if (problems.length === 0) return;
  throw new Failure(exitStatus.configuration, 'bad-path', problems.join('; '), {
    hint: 'a service has no working directory: write whole paths',
  });
}

/** The same for one path. */
export function checkPath(what: string, path: string): string {
  const [problem] = problemOf(what, path);
  if (problem === undefined) return path;
  throw new Failure(exitStatus.configuration, 'bad-path', problem);
}

function problemOf(key: string, path: string): string[] {
  if (/^\/[^\s%$:"'\\]*$/.test(path)) return [];
  return [
    `${key} is ${JSON.stringify(path)}: an absolute path without spaces, quotes, :, % and $ is expected`,
  ];
}

type Named = readonly [key: string, path: string | undefined];

function pathsOf({ state, runs, testsDir, report, metrics, forges }: LoadedConfig): [string, string][] {
  const secrets = Object.entries(forges).flatMap(([name, forge]): Named[] => {
    const { tokenFile, reportTokenFile, hookSecretFile, hookSecretFiles } = forge;
    const all = { tokenFile, reportTokenFile, hookSecretFile, ...hookSecretFiles };
    return Object.entries(all).map(([key, path]) => [`forges.${name}.${key}`, path]);
  });
  const all: readonly Named[] = [
    ['state', state],
    ['runs', runs],
    ['testsDir', testsDir],
    ['report.directory', report.directory],
    ['metrics.directory', metrics.directory],
    ...secrets,
  ];
  return all.flatMap(([key, path]) => (path === undefined ? [] : [[key, path]]));
}
