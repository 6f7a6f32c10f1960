import type { BackupSpec } from '../recipe/backup-labels.ts';

/**
 * How a volume's data comes back (stages.md, Destroying). `hooks`: the snapshot's files are put onto the running
 * services, whose restore hooks do the rest; files that are there stay. `emptied`: the services are stopped and the
 * volume is emptied and filled. `none`: the snapshot does not have it, so nothing of it is touched.
 */
export type Way = 'hooks' | 'emptied' | 'none';

/** The services that have a hook for the restore. Pure. */
export function hookedServices(spec: BackupSpec): Set<string> {
  return new Set(spec.hooks.filter(({ when }) => when.startsWith('restore.')).map(({ service }) => service));
}

/** The way of each volume, by its key in compose: hooks are about the volumes of their own service. Pure. */
export function restoreWays(spec: BackupSpec): Map<string, Way> {
  const hooked = hookedServices(spec);
  return new Map(
    spec.volumes.map(({ name, saved, users }) => {
      const way = users.some((user) => hooked.has(user)) ? 'hooks' : 'emptied';
      return [name, saved ? way : 'none'];
    }),
  );
}

/** The way of a database: its service's hooks, else what becomes of the volumes with its own files. Pure. */
export function databaseWay(
  spec: BackupSpec,
  { service, volumes }: { readonly service: string; readonly volumes: readonly string[] },
): Way {
  if (hookedServices(spec).has(service)) return 'hooks';
  const ways = restoreWays(spec);
  const own = volumes.map((volume) => ways.get(volume));
  return own.find((way) => way === 'emptied') ?? own.find((way) => way === 'hooks') ?? 'none';
}
