import type { BackupSpec } from '../recipe/backup-labels.ts';
import { EngineError } from '../swarm/engine.ts';
import { packFiles, readFiles, volumesRoot } from '../swarm/tar-paths.ts';
import { type Carrier, openCarrier } from '../swarm/volumes.ts';
import type { SeedOptions } from './seed.ts';

/** A marker in a saved volume. */
export type SeededFile = {
  /** The volume's key in compose. */
  readonly name: string;
  /** Its full name on the engine. */
  readonly volume: string;
  readonly path: string;
  readonly content: string;
};

/** Puts a marker into each of these volumes; where none can be put, `unseeded` says why. */
export async function seedFiles(
  volumes: readonly BackupSpec['volumes'][number][],
  options: SeedOptions & { readonly token: string },
  unseeded: { what: string; why: string }[],
): Promise<SeededFile[]> {
  const files = await withCarrier(
    volumes.map(({ fullName }) => ({ volume: fullName })),
    options,
    async (carrier) => {
      const made: SeededFile[] = [];
      for (const { fullName, name, paths } of volumes) {
        const folder = await folderFor(carrier, fullName, paths);
        if (folder === null)
          unseeded.push({ what: `volume ${name}`, why: 'none of its saved paths is a folder' });
        else
          made.push({
            name,
            volume: fullName,
            path: `${folder}ccci-seed-${options.token}`,
            content: `seeded ${options.token} ${fullName}\n`,
          });
      }
      return made;
    },
  );
  await writeFiles(files ?? [], options);
  return files ?? [];
}

/** Changes every marker. */
export function destroyFiles(files: readonly SeededFile[], options: SeedOptions): Promise<void> {
  const damaged = files.map((file) => ({
    ...file,
    content: `destroyed, was ${file.content.length} characters\n`,
  }));
  return writeFiles(damaged, options);
}

/** Looks at each marker again: null where it is as it was written, else what is wrong with it. */
export async function compareFiles(
  files: readonly SeededFile[],
  options: SeedOptions,
): Promise<(string | null)[]> {
  return (
    (await withCarrier(files, options, (carrier) =>
      Promise.all(files.map((file) => compareFile(carrier, file))),
    )) ?? []
  );
}

/** The name of a marker in a snapshot's tar. */
export function entryOf({ volume, path }: SeededFile): string {
  return `${volumesRoot}/${volume}/${path}`;
}

/** A folder inside the saved paths, with a slash at its end; empty: the volume's own. */
async function folderFor(
  carrier: Carrier,
  volume: string,
  paths: readonly string[] | null,
): Promise<string | null> {
  if (paths === null || paths.includes('')) return '';
  for (const path of paths) {
    const isFolder = await carrier.isFolder(`/${volumesRoot}/${volume}/${path}`).catch((error: unknown) => {
      if (error instanceof EngineError && error.httpStatus === 404) return false;
      throw error;
    });
    if (isFolder) return `${path}/`;
  }
  return null;
}

async function writeFiles(files: readonly SeededFile[], options: SeedOptions): Promise<void> {
  const entries = files.map((file) => ({ path: entryOf(file), content: file.content }));
  await withCarrier(files, options, (carrier) => carrier.write('/', packFiles(entries)));
}

async function compareFile(carrier: Carrier, file: SeededFile): Promise<string | null> {
  try {
    const tar = await carrier.read(`/${entryOf(file)}`);
    const content = [...(await readFiles(tar, () => true)).values()][0];
    return content === file.content ? null : `${file.path} is not as it was written`;
  } catch (error) {
    if (error instanceof EngineError && error.httpStatus === 404) return `${file.path} is gone`;
    throw error;
  }
}

/** Undefined where there is no volume to open. */
async function withCarrier<Result>(
  users: readonly { readonly volume: string }[],
  { engine, image, labels, signal }: SeedOptions,
  use: (carrier: Carrier) => Promise<Result>,
): Promise<Result | undefined> {
  if (users.length === 0) return undefined;
  const volumes = [...new Set(users.map(({ volume }) => volume))].map((name) => ({ name }));
  const carrier = await openCarrier(engine, { volumes, image, labels, signal });
  try {
    return await use(carrier);
  } finally {
    await carrier.close();
  }
}
