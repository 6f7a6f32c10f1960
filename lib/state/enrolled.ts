import { z } from 'zod';
import { exitStatus, Failure } from '../program/failure.ts';
import type { Cursors } from '../records/tick.ts';
import { type Disk, readJsonFile, realDisk, writeDurably } from './files.ts';
import { statePaths } from './layout.ts';

const instantSchema = z.iso.datetime({ offset: true });

/** Since when an organisation or repository is enrolled, by the key of its cursor; older comments are history. */
export const enrolledSchema = z.record(z.string(), instantSchema);
export type Enrolled = z.infer<typeof enrolledSchema>;

/** Times of enrolment; none before the first tick. */
export async function readEnrolled(state: string, disk: Disk = realDisk): Promise<Enrolled> {
  const path = statePaths(state).enrolled;
  const value = await readJsonFile(path, disk);
  if (value === undefined) return {};
  const parsed = enrolledSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure(exitStatus.inputOutput, 'damaged-file', `${path} holds no times of enrolment`, {
    cause: parsed.error,
    hint: 'restore it: without it, comments that were never answered become history',
  });
}

/**
 * Keeps the `enrolledAt` of each cursor that has none yet; a time once stored never changes (L01, L02).
 * Nothing is written when nothing is new.
 */
export async function storeEnrolled(state: string, cursors: Cursors, disk: Disk = realDisk): Promise<void> {
  const enrolled = await readEnrolled(state, disk);
  const added = Object.entries(cursors).flatMap(([name, { enrolledAt }]) => {
    const isNew = !Object.hasOwn(enrolled, name) && instantSchema.safeParse(enrolledAt).success;
    return isNew ? [[name, enrolledAt as string] as const] : [];
  });
  if (added.length === 0) return;
  const stored = { ...enrolled, ...Object.fromEntries(added) };
  await writeDurably(statePaths(state).enrolled, `${JSON.stringify(stored)}\n`, disk);
}
