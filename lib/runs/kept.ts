import { join } from 'node:path';
import { exitStatus, Failure } from '../program/failure.ts';
import { readJsonFile, realDisk, writeDurably } from '../state/files.ts';

/** The file that tells the directory of a run whose deployment stays up from that of a dead one. */
const marker = 'kept';
/** Below `work`, mode 0700: it holds secrets. */
const content = 'kept.json';

/** When a kept run was kept, or last attached to, epoch ms; null for one that is not kept. */
export async function readKeptAt(dir: string): Promise<number | null> {
  const text = await realDisk.read(join(dir, marker));
  if (text === undefined) return null;
  const at = Date.parse(text.trim());
  // Whoever wrote something else into it meant to keep it, and nobody knows since when.
  return Number.isNaN(at) ? 0 : at;
}

/** Marks a run as one whose deployment is in use from now on; the run's lock is held. */
export async function markKept(dir: string, at: Date): Promise<void> {
  await writeDurably(join(dir, marker), `${at.toISOString()}\n`);
}

/** From now on the run is a dead one, which the janitor clears; the run's lock is held. */
export async function unmarkKept(dir: string): Promise<void> {
  await realDisk.remove(join(dir, marker));
  await realDisk.sync(dir);
}

/** Writes what attaching needs; it is durable before `markKept` says that it is there. */
export async function writeKept(work: string, value: object): Promise<void> {
  await writeDurably(join(work, content), JSON.stringify(value));
}

/** What `writeKept` wrote; undefined where there is none. */
export function readKept(dir: string): Promise<unknown> {
  return readJsonFile(join(dir, 'work', content));
}

/** Two deployments of one name would be one: a run that is kept is not run again under its id. */
export function refuseKept(id: string): Failure {
  return new Failure(exitStatus.leftOver, 'run-kept', `run ${id} is kept: its deployment is still up`, {
    hint: `remove it with ccci-janitor --run ${id}`,
  });
}
