import type { LoadedConfig } from '@ccci/lib/config/load.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';

/**
 * What is wrong with the paths of a configuration that get into units: each has to be absolute, because a service has no
 * folder of its own, and plain, because systemd and the shell give a meaning to spaces, `%`, `$`, `;` and more. Folders
 * that ccci gets for itself are none of the system's, and none in a home, which no service sees.
 */
export function pathProblems(config: LoadedConfig): string[] {
  const folders = foldersOf(config);
  const paths = [...folders, ...secretsOf(config)];
  return [
    ...paths.flatMap(([key, path]) => problemOf(key, path)),
    ...folders.flatMap(([key, path]) => folderProblem(key, path)),
    ...sharedFolders(folders.filter(([key]) => key !== 'testsDir')),
  ];
}

/** One path by itself. `Failure` 78 when it cannot stand in a unit. */
export function checkPath(what: string, path: string): string {
  const [problem] = problemOf(what, path);
  if (problem === undefined) return path;
  throw new Failure(exitStatus.configuration, 'bad-path', problem);
}

function problemOf(key: string, path: string): string[] {
  if (/^\/[\p{L}\p{N}_.@+=,/~-]*$/u.test(path) && !path.split('/').includes('..')) return [];
  return [
    `${key} is ${JSON.stringify(path)}: an absolute path of letters, digits and . _ - @ + = , ~ is expected, without ..`,
  ];
}

/** True for what `ProtectHome` and `PrivateTmp` keep from the services. */
export function isHidden(path: string): boolean {
  return /^\/(home|root|run\/user|tmp|var\/tmp)\/./.test(path);
}

/** Whose rights ccci would take from the system: systemd-tmpfiles gives the folder to the group ccci. */
const system =
  /^\/(|bin|boot|dev|etc|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|home)$|^\/(dev|proc|sys|boot|bin|sbin)\/|^\/usr\/[^/]+$|^\/var(\/(backups|cache|lib|local|lock|log|mail|opt|run|spool|tmp|www))?$/;

function folderProblem(key: string, path: string): string[] {
  const plain = path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
  if (isHidden(plain)) {
    return [
      `${key} is ${path}: no service sees homes and /tmp; choose a folder below /var/lib, /srv or /etc/ccci`,
    ];
  }
  if (key !== 'testsDir' && system.test(plain)) {
    return [`${key} is ${path}, a folder of the system: name one for ccci alone, such as /var/lib/ccci`];
  }
  return [];
}

/** Each of them has rights of its own. */
function sharedFolders(folders: readonly (readonly [string, string])[]): string[] {
  return folders.flatMap(([key, path], index) =>
    folders
      .slice(0, index)
      .filter(([, other]) => other === path)
      .map(([earlier]) => `${earlier} and ${key} are both ${path}: each needs a folder of its own`),
  );
}

type Path = readonly [key: string, path: string];
type Named = readonly [key: string, path: string | undefined];

function foldersOf({ state, runs, testsDir, report, metrics }: LoadedConfig): Path[] {
  return there([
    ['state', state],
    ['runs', runs],
    // Below the state directory it is no better than that.
    ['testsDir', testsDir.startsWith(`${state}/`) ? undefined : testsDir],
    ['report.directory', report.directory],
    ['metrics.directory', metrics.directory],
  ]);
}

function secretsOf({ forges }: LoadedConfig): Path[] {
  const named = Object.entries(forges).flatMap(([name, forge]): Named[] => {
    const { tokenFile, reportTokenFile, hookSecretFile, hookSecretFiles } = forge;
    const all = { tokenFile, reportTokenFile, hookSecretFile, ...hookSecretFiles };
    return Object.entries(all).map(([key, path]) => [`forges.${name}.${key}`, path]);
  });
  return there(named);
}

function there(named: readonly Named[]): Path[] {
  return named.flatMap(([key, path]) => (path === undefined ? [] : [[key, path] as const]));
}
