import { join } from 'node:path';
import { exitStatus, Failure } from '../program/failure.ts';
import { encodeLine } from '../records/encode.ts';
import { lineLimit } from '../records/lines.ts';
import { type Preview, previewSchema } from '../records/preview.ts';
import { type Disk, readJsonFile, realDisk, writeDurably } from './files.ts';
import { statePaths } from './layout.ts';
import { isQueueName, keyOf } from './names.ts';

const ending = '.json';

/** Writes what was found out of a waiting trigger; stage alone does so. `Failure` 65 where it is too large for a record. */
export async function writePreview(
  state: string,
  file: string,
  preview: Preview,
  disk: Disk = realDisk,
): Promise<void> {
  const line = encodeLine(preview);
  if (Buffer.byteLength(line) > lineLimit) {
    throw new Failure(
      exitStatus.badInput,
      'too-large',
      `it has more than the ${lineLimit} bytes of a record`,
    );
  }
  await writeDurably(pathOf(state, file), line, disk);
}

/** What was found out of a waiting trigger; undefined where there is nothing that can be used: it is only a help. */
export async function readPreview(
  state: string,
  file: string,
  disk: Disk = realDisk,
): Promise<Preview | undefined> {
  if (!isQueueName(file)) return undefined;
  const value = await readJsonFile(pathOf(state, file), disk).catch(() => undefined);
  const { data } = previewSchema.safeParse(value);
  return data?.key === keyOf(file) ? data : undefined;
}

/** Names of the queue files that have one, oldest comment first. */
export async function listPreviews(state: string, disk: Disk = realDisk): Promise<string[]> {
  const names = await disk.list(statePaths(state).previews.root);
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .filter(isQueueName);
}

/** Throws one away; nothing happens where there is none. */
export async function removePreview(state: string, file: string, disk: Disk = realDisk): Promise<void> {
  await disk.remove(pathOf(state, file));
}

function pathOf(state: string, file: string): string {
  return join(statePaths(state).previews.root, `${file}${ending}`);
}
