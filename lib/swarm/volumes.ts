import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Engine } from './engine.ts';
import { filterTar } from './filter-tar.ts';
import { recreateVolume } from './recreate-volume.ts';
import { isBelow, volumesRoot } from './tar-paths.ts';

/** A container that is created and never started: through it the engine reads and writes volumes. */
export type Carrier = {
  /** A tar of what is at a path, such as `/volumes`; its entries begin with the path's last part. */
  readonly read: (path: string) => Promise<Readable>;
  /** Unpacks a tar at a path; `/` for one that was read from `/volumes`. Owners and modes are kept. */
  readonly write: (path: string, tar: Readable | Buffer) => Promise<void>;
  /** Whether there is a folder at a path; an `EngineError` 404 when there is nothing. */
  readonly isFolder: (path: string) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

export type CarrierOptions = {
  /** Full names on the engine; each is at `/volumes/<name>`. */
  readonly volumes: readonly { readonly name: string }[];
  /** Any image that is on the engine: nothing of it runs. */
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
};

/** Opens a carrier for volumes; needs neither root nor a shell in the image, and works on a remote engine. */
export async function openCarrier(
  engine: Engine,
  { volumes, image, labels, signal }: CarrierOptions,
): Promise<Carrier> {
  const { Id } = await engine.json<{ Id: string }>(
    'POST',
    `/containers/create?name=ccci-carrier-${randomBytes(6).toString('hex')}`,
    {
      Image: image,
      Entrypoint: ['/never-started'],
      Cmd: [],
      Labels: labels,
      NetworkDisabled: true,
      HostConfig: {
        NetworkMode: 'none',
        Mounts: volumes.map(({ name }) => ({
          Type: 'volume',
          Source: name,
          Target: `/volumes/${name}`,
          VolumeOptions: { NoCopy: true, Labels: labels },
        })),
      },
    },
    { signal },
  );
  const archive = (path: string) => `/containers/${Id}/archive?path=${encodeURIComponent(path)}`;
  return {
    read: (path) => engine.stream('GET', archive(path), undefined, { signal }),
    write: async (path, tar) => {
      await engine.json('PUT', archive(path), tar, { signal, timeoutMs: 0 });
    },
    isFolder: async (path) => {
      const answer = await engine.stream('HEAD', archive(path), undefined, { signal });
      answer.resume();
      const stat = JSON.parse(
        Buffer.from(String(answer.headers['x-docker-container-path-stat']), 'base64').toString(),
      );
      // Go's file modes have the folder in their highest bit.
      return (Number((stat as { mode?: number }).mode) & 0x8000_0000) !== 0;
    },
    close: () => engine.json('DELETE', `/containers/${Id}?force=1&v=1`),
  };
}

export type WipeOptions = Pick<CarrierOptions, 'image' | 'labels' | 'signal'>;

/**
 * Empties volumes of what a snapshot holds (design.md, Engine): all of a volume whose `paths` is null, else these
 * paths and nothing else. Nothing may run on them.
 */
export async function wipeVolumes(
  engine: Engine,
  volumes: readonly { readonly name: string; readonly paths: readonly string[] | null }[],
  options: WipeOptions,
): Promise<void> {
  for (const { name, paths } of volumes) {
    if (paths === null) await recreateVolume(engine, name);
    else await wipePaths(engine, name, paths, options);
  }
}

/** The engine can write into a volume but not delete in it: the rest is carried over to a volume made anew. */
async function wipePaths(
  engine: Engine,
  name: string,
  paths: readonly string[],
  options: WipeOptions,
): Promise<void> {
  const aside = `${name}_ccci_aside`;
  await copyVolume(engine, name, aside, { ...options, isWanted: (entry) => !isBelow(entry, paths) });
  await recreateVolume(engine, name);
  await copyVolume(engine, aside, name, { ...options, isWanted: () => true });
  await engine.json('DELETE', `/volumes/${encodeURIComponent(aside)}`);
}

type CopyOptions = WipeOptions & { readonly isWanted: (entry: string) => boolean };

/** With a carrier for each side: the engine locks a container for as long as its archive is read. */
async function copyVolume(
  engine: Engine,
  from: string,
  to: string,
  { isWanted, ...options }: CopyOptions,
): Promise<void> {
  const source = await openCarrier(engine, { ...options, volumes: [{ name: from }] });
  const rename = (entry: string) => entry.replace(`${volumesRoot}/${from}`, () => `${volumesRoot}/${to}`);
  const isOfVolume = (entry: string) => entry.startsWith(`${volumesRoot}/${from}/`) && isWanted(entry);
  try {
    const target = await openCarrier(engine, { ...options, volumes: [{ name: to }] });
    try {
      const all = await source.read(`/${volumesRoot}`);
      const readAgain = (entry: string) => source.read(`/${entry}`);
      await target.write('/', filterTar(all, { isWanted: isOfVolume, rename, readAgain }));
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}
