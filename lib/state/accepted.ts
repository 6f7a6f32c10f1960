import { join } from 'node:path';
import { exitStatus, Failure } from '../program/failure.ts';
import { encodeLine } from '../records/encode.ts';
import type { AnyRecord } from '../records/types.ts';
import { type Disk, readJsonFile, realDisk, writeDurably } from './files.ts';
import { statePaths } from './layout.ts';
import { isQueueName } from './names.ts';

const ending = '.json';

/** Path of `accepted/<file>.json`. */
export function acceptedPath(state: string, file: string): string {
  return join(statePaths(state).accepted, `${file}${ending}`);
}

/** Writes what was judged; dedupe alone does so, once. */
export async function writeAccepted(
  state: string,
  file: string,
  record: AnyRecord,
  disk: Disk = realDisk,
): Promise<void> {
  await writeDurably(acceptedPath(state, file), encodeLine(record), disk);
}

/** The trigger, cancel or drop as it was judged, with its `spool`; undefined when there is none. */
export async function readAccepted(
  state: string,
  file: string,
  disk: Disk = realDisk,
): Promise<AnyRecord | undefined> {
  if (!isQueueName(file)) return undefined;
  const path = acceptedPath(state, file);
  const value = (await readJsonFile(path, disk)) as AnyRecord | null | undefined;
  if (value === undefined || typeof value?.type === 'string') return value;
  throw new Failure(exitStatus.inputOutput, 'damaged-file', `${path} holds no record`);
}

/** Names of all that was ever judged, oldest comment first. */
export async function listAccepted(state: string, disk: Disk = realDisk): Promise<string[]> {
  const names = await disk.list(statePaths(state).accepted);
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .filter(isQueueName);
}
