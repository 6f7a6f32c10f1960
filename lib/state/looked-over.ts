import { z } from 'zod';
import { exitStatus, Failure } from '../program/failure.ts';
import { type Disk, readJsonFile, realDisk, writeDurably } from './files.ts';
import { statePaths } from './layout.ts';

/** When report looked over what an earlier, lost state had left, by the key of a source's cursor. */
export const lookedOverSchema = z.record(z.string(), z.iso.datetime({ offset: true }));
export type LookedOver = z.infer<typeof lookedOverSchema>;

/** Undefined where nobody ever began to look. */
export async function readLookedOver(state: string, disk: Disk = realDisk): Promise<LookedOver | undefined> {
  const path = statePaths(state).lookedOver;
  const value = await readJsonFile(path, disk);
  if (value === undefined) return undefined;
  const parsed = lookedOverSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure(exitStatus.inputOutput, 'damaged-file', `${path} does not say what was looked over`, {
    cause: parsed.error,
    hint: 'write {} to look everything over again, or restore it',
  });
}

/** Replaces it; report alone does so. */
export async function writeLookedOver(
  state: string,
  lookedOver: LookedOver,
  disk: Disk = realDisk,
): Promise<void> {
  await writeDurably(statePaths(state).lookedOver, `${JSON.stringify(lookedOver)}\n`, disk);
}
