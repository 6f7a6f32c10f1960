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
 * as a line of its input. The same comment has the same name from every source, and what was judged first stays: a
 * comment that has been edited since, or whose author has left, must not undo its own trigger by being seen again.
 */
export async function handIn(state: string, record: AnyRecord, disk: Disk = realDisk): Promise<void> {
  const { tmp, ready } = statePaths(state).in;
  const name = `${queueName(record)}${ending}`;
  // Two may hand in the same at once, from two processes: each has a temporary file of its own.
  const temporary = join(tmp, `${randomBytes(4).toString('hex')}-${name}`);
  try {
    await disk.write(temporary, encodeLine(record));
    await disk.sync(temporary);
    await disk.link(temporary, join(ready, name));
    // Also where the name was taken: whoever took it may not have come to this yet.
    await disk.sync(ready);
  } finally {
    // On a full disk half a file would keep what little there is; and the first error is the one to be told.
    await disk.remove(temporary).catch(() => {});
  }
}

/**
 * Whether something can be handed in: throws the `Failure` (74) that `handIn` would. Leaves nothing behind, and
 * nothing of it has to be durable.
 */
export async function tryInbox(state: string, disk: Disk = realDisk): Promise<void> {
  const { tmp } = statePaths(state).in;
  const temporary = join(tmp, `${randomBytes(4).toString('hex')}-health`);
  try {
    await disk.write(temporary, 'ok\n');
  } finally {
    await disk.remove(temporary).catch(() => {});
  }
}

/** Paths of what was handed in and not taken yet, oldest comment first. */
export async function listInbox(state: string, disk: Disk = realDisk): Promise<string[]> {
  const { ready } = statePaths(state).in;
  return (await disk.list(ready)).filter((name) => !name.startsWith('.')).map((name) => join(ready, name));
}
