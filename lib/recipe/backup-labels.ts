import { type BackupLabel, climbs, relativePath, splitPaths, versionOnePaths } from './backup-paths.ts';
import { byCodeUnit, objectName, type Stack, serviceLabels, services } from './compose.ts';
import { isTrue } from './labels.ts';

export type BackupWhen = 'backup.pre' | 'backup.post' | 'restore.pre' | 'restore.post';

export type BackupHook = {
  readonly service: string;
  readonly when: BackupWhen;
  /** For a shell with `pipefail` in the service's running container. */
  readonly command: string;
};

export type BackupVolume = {
  /** Key in compose. */
  readonly name: string;
  readonly fullName: string;
  /** A service that mounts it, and where. */
  readonly service: string;
  readonly mountPath: string;
  /** All services that mount it, by name. */
  readonly users: readonly string[];
  readonly saved: boolean;
  /** Relative to the volume; null saves all of it. */
  readonly paths: readonly string[] | null;
};

export type BackupSpec = {
  readonly enabled: boolean;
  /** Of the labels; null where there are none. */
  readonly version: 1 | 2 | null;
  readonly hooks: readonly BackupHook[];
  readonly volumes: readonly BackupVolume[];
  readonly warnings: readonly string[];
};

/**
 * What a stack's backup labels ask for, as backup-bot-two version 2 reads them from `deploy.labels`.
 *
 * All named volumes that a service mounts are saved, but those left out; a volume of several services is listed
 * once, at a writable mount first, then by names. A path of version 1 outside all volumes is never saved (L41).
 */
export function readBackupLabels(stack: Stack, stackName: string): BackupSpec {
  const labels = allLabels(stack);
  const enabledOn = labels.filter(({ key, value }) => key === 'backupbot.backup' && isTrue(value));
  const paths = versionOnePaths(
    stack,
    labels.filter(({ key }) => key === 'backupbot.backup.path'),
  );
  const volumes = mountedVolumes(stack).map((mount) => ({
    name: mount.volume,
    fullName: objectName(stackName, mount.volume, stack.volumes?.[mount.volume]),
    service: mount.service,
    mountPath: mount.target,
    users: usersOf(stack, mount.volume),
    ...choice(mount.volume, labels, paths.inside),
  }));
  const hooks = labels.flatMap(({ service, key, value }) => hookOf(service, key, value));
  return {
    enabled: enabledOn.length > 0,
    version: labels.length === 0 ? null : paths.given ? 1 : 2,
    hooks,
    volumes,
    warnings: [
      ...severalEnabled(enabledOn.map(({ service }) => service)),
      ...(enabledOn.length === 0 && labels.length > 0
        ? ['there are backupbot labels, but no service has backupbot.backup=true: nothing is saved']
        : []),
      ...onContainers(stack),
      ...paths.warnings,
      ...climbing(labels),
      ...unknownVolumes(labels, new Set(volumes.map(({ name }) => name))),
    ],
  };
}

type MountedVolume = { readonly volume: string; readonly service: string; readonly target: string };

function allLabels(stack: Stack): BackupLabel[] {
  return services(stack).flatMap(([service, definition]) =>
    Object.entries(serviceLabels(definition))
      .filter(([key]) => key.startsWith('backupbot.'))
      .map(([key, value]) => ({ service, key, value })),
  );
}

/** Each named volume once, where it is best reached. */
function mountedVolumes(stack: Stack): MountedVolume[] {
  const mounts = services(stack).flatMap(([service, { volumes = [] }]) =>
    volumes.flatMap(({ type, source, target, read_only }) =>
      type === 'volume' && source !== undefined
        ? [{ volume: source, service, target, readOnly: read_only === true }]
        : [],
    ),
  );
  mounts.sort(
    (a, b) =>
      byCodeUnit(a.volume, b.volume) ||
      Number(a.readOnly) - Number(b.readOnly) ||
      byCodeUnit(a.service, b.service) ||
      byCodeUnit(a.target, b.target),
  );
  return mounts.filter(({ volume }, index) => mounts[index - 1]?.volume !== volume);
}

function usersOf(stack: Stack, volume: string): string[] {
  return services(stack)
    .filter(([, { volumes = [] }]) =>
      volumes.some(({ type, source }) => type === 'volume' && source === volume),
    )
    .map(([service]) => service)
    .sort(byCodeUnit);
}

function choice(
  volume: string,
  labels: readonly BackupLabel[],
  versionOne: ReadonlyMap<string, readonly string[]>,
): Pick<BackupVolume, 'saved' | 'paths'> {
  const labelled = (key: string) => labels.find((label) => label.key === key)?.value;
  const switched = labelled(`backupbot.backup.volumes.${volume}`);
  const limited = labelled(`backupbot.backup.volumes.${volume}.path`);
  const named = splitPaths(limited ?? '');
  const paths = named.length === 0 ? null : named.filter((path) => !climbs(path)).map(relativePath);
  return {
    saved: switched === undefined || isTrue(switched),
    paths: paths ?? versionOne.get(volume) ?? null,
  };
}

const hookLabels: Readonly<Record<string, BackupWhen>> = {
  'backupbot.backup.pre-hook': 'backup.pre',
  'backupbot.backup.post-hook': 'backup.post',
  'backupbot.restore.pre-hook': 'restore.pre',
  'backupbot.restore.post-hook': 'restore.post',
};

function hookOf(service: string, key: string, command: string): BackupHook[] {
  const when = hookLabels[key];
  return when === undefined || command.trim() === '' ? [] : [{ service, when, command }];
}

function severalEnabled(names: readonly string[]): string[] {
  if (names.length < 2) return [];
  return [
    `backupbot.backup=true stands on ${names.join(', ')}: one service is enough, all volumes are saved`,
  ];
}

function onContainers(stack: Stack): string[] {
  return services(stack)
    .filter(([, { labels = {} }]) => Object.keys(labels).some((key) => key.startsWith('backupbot.')))
    .map(([name]) => `${name}: backupbot labels below "labels" are not read: put them below deploy.labels`);
}

function unknownVolumes(labels: readonly BackupLabel[], known: ReadonlySet<string>): string[] {
  return labels.flatMap(({ service, key }) => {
    const volume = /^backupbot\.backup\.volumes\.(.+?)(?:\.path)?$/.exec(key)?.[1];
    return volume === undefined || known.has(volume)
      ? []
      : [`${service}: ${key} names a volume that no service mounts`];
  });
}

function climbing(labels: readonly BackupLabel[]): string[] {
  return labels
    .filter(
      ({ key, value }) =>
        /^backupbot\.backup\.volumes\..+\.path$/.test(key) && splitPaths(value).some(climbs),
    )
    .map(({ service, key, value }) => `${service}: ${key}=${value} leads out of the volume: left out`);
}
