import { exitStatus, Failure } from '../program/failure.ts';
import { type Tick, type Ticks, ticksSchema } from '../records/tick.ts';
import { type Disk, readJsonFile, realDisk, writeDurably } from './files.ts';
import { statePaths } from './layout.ts';

/** How the last ticks of each source went: the health of the polling; none before the first tick. */
export async function readTicks(state: string, disk: Disk = realDisk): Promise<Ticks> {
  const path = statePaths(state).ticks;
  const value = await readJsonFile(path, disk);
  if (value === undefined) return {};
  const parsed = ticksSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure(exitStatus.inputOutput, 'damaged-file', `${path} holds no ticks`, {
    cause: parsed.error,
    hint: 'remove it: the next tick writes it anew',
  });
}

/** Takes over what a tick says of its sources, and keeps what is known of others. */
export async function storeTicks(state: string, tick: Tick, disk: Disk = realDisk): Promise<void> {
  if (tick.sources === undefined) return;
  const stored = { ...(await readTicks(state, disk)), ...tick.sources };
  await writeDurably(statePaths(state).ticks, `${JSON.stringify(stored)}\n`, disk);
}
