import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { encodeLine } from '../records/encode.ts';
import type { AnyRecord } from '../records/types.ts';
import { type Disk, realDisk } from './files.ts';
import { statePaths } from './layout.ts';
import { queueName } from './names.ts';

const ending = '.json';

/**
 * Hands a judged record in to dedupe (triggers.md, step 3): when this returns it is durable, and dedupe will take it
 * as a line of its input. The same comment has the same name from every source, so a second hand-in replaces the first.
 */
export async function handIn(state: string, record: AnyRecord, disk: Disk = realDisk): Promise<void> {
  const { tmp, ready } = statePaths(state).in;
  const name = `${queueName(record)}${ending}`;
  // Two may hand in the same at once, from two processes: each has a temporary file of its own.
  const temporary = join(tmp, `${randomBytes(4).toString('hex')}-${name}`);
  await disk.write(temporary, encodeLine(record));
  await disk.sync(temporary);
  await disk.rename(temporary, join(ready, name));
  await disk.sync(ready);
}

/** Paths of what was handed in and not taken yet, oldest comment first. */
export async function listInbox(state: string, disk: Disk = realDisk): Promise<string[]> {
  const { ready } = statePaths(state).in;
  return (await disk.list(ready)).filter((name) => !name.startsWith('.')).map((name) => join(ready, name));
}
