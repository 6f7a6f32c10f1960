import { z } from 'zod';
import { exitStatus, Failure } from '../program/failure.ts';
import { type Disk, readJsonFile, realDisk, writeDurably } from './files.ts';
import { statePaths } from './layout.ts';

/** When a run used an image last: its name to its content and epoch seconds. An engine does not remember that. */
export const imagesUsedSchema = z.record(z.string(), z.looseObject({ id: z.string(), used: z.number() }));
export type ImagesUsed = z.infer<typeof imagesUsedSchema>;

/** None before the janitor has looked for the first time. */
export async function readImagesUsed(state: string, disk: Disk = realDisk): Promise<ImagesUsed> {
  const path = statePaths(state).images;
  const value = await readJsonFile(path, disk);
  if (value === undefined) return {};
  const parsed = imagesUsedSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure(exitStatus.inputOutput, 'damaged-file', `${path} does not say which images were used`, {
    cause: parsed.error,
    hint: 'remove it: images that no kept run used stay on the engine then',
  });
}

/** Replaces it; the janitor alone does so. */
export async function writeImagesUsed(state: string, used: ImagesUsed, disk: Disk = realDisk): Promise<void> {
  await writeDurably(statePaths(state).images, `${JSON.stringify(used)}\n`, disk);
}
