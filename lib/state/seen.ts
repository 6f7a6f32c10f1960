import { keySchema } from '../records/common.ts';
import { encodeLine } from '../records/encode.ts';
import { splitBlocks } from '../records/lines.ts';
import { appendDurably, type Disk, realDisk } from './files.ts';
import { type KeySet, makeKeySet } from './key-set.ts';
import { type QueueFolder, statePaths } from './layout.ts';
import { keyOf } from './names.ts';
import { parseLines } from './ndjson.ts';
import { listQueue } from './queue.ts';

/** One judged key, for ever; `at` is when dedupe stored it. */
export type SeenEntry = { readonly key: string; readonly at: string; readonly file: string };

/** A line as `appendSeen` writes it, to the letter; to match it takes half of the time of `JSON.parse`. */
const usual = /\{"key":"[a-z0-9][a-z0-9.-]{0,79}","at":"[\w.:-]*","file":"[\w.-]*"\}\n/y;
const keyOffset = '{"key":"'.length;

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
): Promise<KeySet> {
  const paths = statePaths(state);
  const keys = makeKeySet();
  if (!(await disk.exists(paths.seen))) await createEmpty(state, disk);
  else if (await readKeys(paths.seen, keys, disk)) await disk.append(paths.seen, '\n');
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

/** All keys that have a line; reads only, also beside the dedupe that writes. */
export async function readSeen(state: string, disk: Disk = realDisk): Promise<KeySet> {
  const keys = makeKeySet();
  const { seen } = statePaths(state);
  if (await disk.exists(seen)) await readKeys(seen, keys, disk);
  return keys;
}

/** When a key was made durable, RFC 3339; null where no line says so. */
export async function acceptedAt(state: string, key: string, disk: Disk = realDisk): Promise<string | null> {
  const { seen } = statePaths(state);
  if (!(await disk.exists(seen))) return null;
  const wanted = JSON.stringify(key);
  for await (const block of splitBlocks(disk.readPieces(seen))) {
    if (!block.ok || !block.bytes.includes(wanted)) continue;
    const entry = parseLines(block.bytes.toString('utf8')).find((one) => one.key === key);
    if (typeof entry?.at === 'string') return entry.at;
  }
  return null;
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
  await disk.append(paths.seen, '');
  await disk.sync(paths.root);
}

/** Adds the keys of a file, piece by piece, for it grows for ever; true when its last line is torn. */
async function readKeys(path: string, keys: KeySet, disk: Disk): Promise<boolean> {
  let isTorn = false;
  for await (const block of splitBlocks(disk.readPieces(path))) {
    isTorn = !block.ok || block.bytes.at(-1) !== 10;
    if (block.ok) addKeys(block.bytes.toString('latin1'), keys);
  }
  return isTorn;
}

function addKeys(text: string, keys: KeySet): void {
  for (let start = 0, next = 0; start < text.length; start = next) {
    usual.lastIndex = start;
    if (usual.test(text)) {
      const key = start + keyOffset;
      keys.add(text.slice(key, text.indexOf('"', key)));
      next = usual.lastIndex;
    } else {
      const end = text.indexOf('\n', start);
      next = end === -1 ? text.length : end + 1;
      addKey(text.slice(start, next), keys);
    }
  }
}

/** Nothing for what a crash tore, and for what no record can have as its key. */
function addKey(line: string, keys: KeySet): void {
  const { success, data } = keySchema.safeParse(parseLines(line)[0]?.key);
  if (success) keys.add(data);
}

async function queuedFiles(state: string, disk: Disk): Promise<string[]> {
  const folders: readonly QueueFolder[] = ['new', 'cur', 'done'];
  const lists = await Promise.all(folders.map((folder) => listQueue(state, folder, disk)));
  return [...new Set(lists.flat())].sort();
}
