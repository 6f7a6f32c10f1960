import type { Stack } from './compose.ts';

export type BackupLabel = { readonly service: string; readonly key: string; readonly value: string };

export type VersionOnePaths = {
  readonly given: boolean;
  /** Volume to the paths in it, relative to it. */
  readonly inside: ReadonlyMap<string, readonly string[]>;
  readonly warnings: readonly string[];
};

/** Absolute paths in a container (labels of version 1): those inside a volume limit it, the others are lost (L41). */
export function versionOnePaths(stack: Stack, given: readonly BackupLabel[]): VersionOnePaths {
  const inside = new Map<string, string[]>();
  const warnings: string[] = [];
  for (const { service, value } of given) {
    for (const path of splitPaths(value)) {
      const mount = climbs(path) ? undefined : volumeAt(stack, service, path);
      if (mount === undefined) {
        warnings.push(
          `${service}: backupbot.backup.path ${path} is in no volume: what the hook writes there is never saved; ` +
            'write it into a volume and name it with backupbot.backup.volumes.<volume>.path',
        );
        continue;
      }
      const rest = relativePath(path.slice(mount.target.replace(/\/+$/, '').length));
      inside.set(mount.volume, [...(inside.get(mount.volume) ?? []), rest]);
    }
  }
  // A path that is the volume itself means all of it.
  for (const [volume, paths] of inside) if (paths.includes('')) inside.delete(volume);
  return { given: given.length > 0, inside, warnings };
}

/** The parts of a list with commas. */
export function splitPaths(value: string): string[] {
  return value
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '');
}

/** A path without its leading and doubled slashes. */
export function relativePath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/** Whether a path leads out of where it begins. */
export function climbs(path: string): boolean {
  return path.split('/').includes('..');
}

function volumeAt(
  stack: Stack,
  service: string,
  path: string,
): { readonly volume: string; readonly target: string } | undefined {
  const within = (target: string) => `${path}/`.startsWith(`${target.replace(/\/+$/, '')}/`);
  return (stack.services[service]?.volumes ?? [])
    .flatMap(({ type, source, target }) =>
      type === 'volume' && source !== undefined && within(target) ? [{ volume: source, target }] : [],
    )
    .sort((a, b) => b.target.length - a.target.length)[0];
}
