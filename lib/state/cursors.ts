import { exitStatus, Failure } from '../program/failure.ts';
import { type Cursors, cursorsSchema } from '../records/tick.ts';
import { type Disk, readJsonFile, realDisk, writeDurably } from './files.ts';
import { statePaths } from './layout.ts';

/** How far poll has read, as the last tick said; none before the first tick. */
export async function readCursors(state: string, disk: Disk = realDisk): Promise<Cursors> {
  const path = statePaths(state).cursors;
  const value = await readJsonFile(path, disk);
  if (value === undefined) return {};
  const parsed = cursorsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure(exitStatus.inputOutput, 'damaged-file', `${path} holds no cursors`, {
    cause: parsed.error,
    hint: 'restore it, or remove it: poll then reads again from the time of enrolment',
  });
}

/** Takes a tick's cursors over, keeps those of what the tick does not name; returns what is stored now. */
export async function storeCursors(state: string, cursors: Cursors, disk: Disk = realDisk): Promise<Cursors> {
  const stored = { ...(await readCursors(state, disk)), ...cursors };
  await writeDurably(statePaths(state).cursors, `${JSON.stringify(stored)}\n`, disk);
  return stored;
}
