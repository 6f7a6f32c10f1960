import { join } from 'node:path';
import { z } from 'zod';
import { exitStatus, Failure } from '../program/failure.ts';
import { runIdSchema } from '../records/common.ts';
import { type Disk, readJsonFile, realDisk, writeDurably } from './files.ts';
import { statePaths } from './layout.ts';

/** A slot that stays closed until the janitor has proved that nothing of the run is left (stages.md, Verdict). */
export const closedSlotSchema = z.looseObject({
  run: runIdSchema,
  at: z.iso.datetime({ offset: true }),
  /** What was left on the engine, in words. */
  left: z.string(),
});
export type ClosedSlot = z.infer<typeof closedSlotSchema>;

const ending = '.json';

/** Closes a slot, durably; the stage that leaves something behind does so. */
export async function closeSlot(state: string, slot: ClosedSlot, disk: Disk = realDisk): Promise<void> {
  await writeDurably(pathOf(state, slot.run), `${JSON.stringify(slot)}\n`, disk);
}

/** Opens the slot that a run has closed. One that a power cut closes again is opened again by the next janitor. */
export async function openSlot(state: string, run: string, disk: Disk = realDisk): Promise<void> {
  const path = pathOf(state, run);
  if (await disk.exists(path)) await disk.remove(path);
}

/** The slots that are closed, by run id; `Failure` 74 for a file that says nothing. */
export async function listClosedSlots(state: string, disk: Disk = realDisk): Promise<ClosedSlot[]> {
  const { closed } = statePaths(state);
  const names = (await disk.list(closed)).filter((name) => name.endsWith(ending) && !name.startsWith('.'));
  const read = names.map((name) => readSlot(join(closed, name), disk));
  return (await Promise.all(read)).flatMap((slot) => slot ?? []);
}

async function readSlot(path: string, disk: Disk): Promise<ClosedSlot | undefined> {
  const value = await readJsonFile(path, disk);
  // Opened since it was listed.
  if (value === undefined) return undefined;
  const parsed = closedSlotSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure(exitStatus.inputOutput, 'damaged-file', `${path} does not say which run closed a slot`, {
    cause: parsed.error,
    hint: 'look what of its run is left on the engine, then remove the file',
  });
}

function pathOf(state: string, run: string): string {
  return join(statePaths(state).closed, `${runIdSchema.parse(run)}${ending}`);
}
