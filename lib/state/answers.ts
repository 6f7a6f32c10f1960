import { join } from 'node:path';
import { z } from 'zod';
import { exitStatus, Failure } from '../program/failure.ts';
import { keySchema } from '../records/common.ts';
import { encodeLine } from '../records/encode.ts';
import { type Disk, readJsonFile, realDisk, writeDurably } from './files.ts';
import { statePaths } from './layout.ts';

/** What report has posted for one key; report owns the rest of the shape. `final`: nothing is left to post. */
export const answerSchema = z.looseObject({ key: keySchema, final: z.boolean() });
export type Answer = z.infer<typeof answerSchema>;

/** The noted answer of a key; undefined when nothing was posted or meant to be. */
export async function readAnswer(
  state: string,
  key: string,
  disk: Disk = realDisk,
): Promise<Answer | undefined> {
  const path = answerPath(state, key);
  const value = await readJsonFile(path, disk);
  if (value === undefined) return undefined;
  const parsed = answerSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure(exitStatus.inputOutput, 'damaged-file', `${path} holds no answer`, {
    cause: parsed.error,
  });
}

/** Replaces the noted answer of a key, durably: intent before a POST, id after it (triggers.md, step 12). */
export async function writeAnswer(
  state: string,
  key: string,
  answer: Answer,
  disk: Disk = realDisk,
): Promise<void> {
  await writeDurably(answerPath(state, key), encodeLine(answer), disk);
}

/** Keys that have an answer, sorted. */
export async function listAnswers(state: string, disk: Disk = realDisk): Promise<string[]> {
  const names = await disk.list(statePaths(state).answers);
  return names
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .map((name) => name.slice(0, -'.json'.length));
}

function answerPath(state: string, key: string): string {
  return join(statePaths(state).answers, `${keySchema.parse(key)}.json`);
}
