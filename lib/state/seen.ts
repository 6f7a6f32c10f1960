import { encodeLine } from '../records/encode.ts';
import { appendDurably, type Disk, realDisk } from './files.ts';
import { type QueueFolder, statePaths } from './layout.ts';
import { keyOf } from './names.ts';
import { isTorn, parseLines } from './ndjson.ts';
import { listQueue } from './queue.ts';

/** One judged key, for ever; `at` is when dedupe stored it. */
export type SeenEntry = { readonly key: string; readonly at: string; readonly file: string };

/**
 * Reads all keys that were ever judged and mends what a crash left (triggers.md, step 4): a torn last line is ended,
 * and what has a queue file but no line gets its line, so that thinning `done` never makes a key unknown. `followUp`
 * does before what accepting those files may have left undone.
 */
export async function openSeen(
  state: string,
  now: () => Date,
  disk: Disk = realDisk,
  followUp: (files: readonly string[]) => Promise<void> = async () => {},
): Promise<Set<string>> {
  const paths = statePaths(state);
  const content = await disk.read(paths.seen);
  if (content === undefined) await createEmpty(state, disk);
  else if (isTorn(content)) await appendDurably(paths.seen, '\n', disk);
  const keys = new Set(parseLines(content ?? '').map((entry) => String(entry.key)));
  const missing = (await queuedFiles(state, disk)).filter((file) => !keys.has(keyOf(file)));
  await followUp(missing);
  const at = now().toISOString();
  await appendSeen(
    state,
    missing.map((file) => ({ key: keyOf(file), at, file })),
    disk,
  );
  for (const file of missing) keys.add(keyOf(file));
  return keys;
}

/** When a key was made durable, RFC 3339; null where no line says so. */
export async function acceptedAt(state: string, key: string, disk: Disk = realDisk): Promise<string | null> {
  const content = (await disk.read(statePaths(state).seen)) ?? '';
  const line = content.split('\n').find((one) => one.includes(JSON.stringify(key)));
  const entry = parseLines(line ?? '').find((one) => one.key === key);
  return typeof entry?.at === 'string' ? entry.at : null;
}

/** Appends lines with one fsync; nothing to append costs nothing. */
export async function appendSeen(
  state: string,
  entries: readonly SeenEntry[],
  disk: Disk = realDisk,
): Promise<void> {
  if (entries.length === 0) return;
  await appendDurably(statePaths(state).seen, entries.map(encodeLine).join(''), disk);
}

async function createEmpty(state: string, disk: Disk): Promise<void> {
  const paths = statePaths(state);
  await appendDurably(paths.seen, '', disk);
  await disk.sync(paths.root);
}

async function queuedFiles(state: string, disk: Disk): Promise<string[]> {
  const folders: readonly QueueFolder[] = ['new', 'cur', 'done'];
  const lists = await Promise.all(folders.map((folder) => listQueue(state, folder, disk)));
  return [...new Set(lists.flat())].sort();
}
