import { dirname } from 'node:path';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { readAccepted } from '@ccci/lib/state/accepted.ts';
import { type QueueFolder, statePaths } from '@ccci/lib/state/layout.ts';
import { parseLines } from '@ccci/lib/state/ndjson.ts';
import { listQueue } from '@ccci/lib/state/queue.ts';
import type { SimulatedDisk } from '../../support/disk/disk.ts';
import { type Comment, instantOf, keyOfComment } from './comments.ts';

/** Made when ccci was installed. */
export const home = '/srv/ccci';
export const state = `${home}/state`;

const folders: readonly QueueFolder[] = ['new', 'cur', 'done'];

type Known = {
  readonly said: readonly string[];
  readonly dropped: readonly string[];
  readonly finished: readonly string[];
  readonly enrolledAt: string | null;
};

/**
 * Whether each comment is exactly once in the queue, as what it was judged, and whether `seen` knows nothing that is
 * not there. What is finished, its verdict posted, lies in `done` or nowhere.
 */
export async function lookAtQueue(
  disk: SimulatedDisk,
  { said, dropped, finished, enrolledAt }: Known,
  comments: readonly Comment[],
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const queue = dirname(statePaths(state).queue.new);
  const files = await filesByKey(disk);
  for (const comment of comments) {
    const key = keyOfComment(comment);
    const there = files.get(key) ?? [];
    const isFinished = finished.includes(key);
    const expected = there.filter((path) => !isFinished || path.startsWith('done/'));
    if (there.length === 0 && !isFinished) wrong.push(`${key} is lost`);
    if (there.length > 1 || expected.length < there.length)
      wrong.push(`${key} is doubled: ${there.join(' ')}`);
    const [file] = there;
    if (file === undefined) continue;
    const accepted = await readAccepted(state, file.slice(file.indexOf('/') + 1), disk);
    if (accepted === undefined) wrong.push(`${key} is not in accepted`);
    const records = parseLines((await disk.read(`${queue}/${file}.ndjson`)) ?? '');
    const [first] = records;
    if (file.startsWith('done/') && !records.some(isEnd)) wrong.push(`${key} is done without an end`);
    if (first?.key !== key) wrong.push(`the journal of ${key} does not begin with it`);
    const isDue = said.includes(key) || (enrolledAt !== null && instantOf(comment.second) >= enrolledAt);
    if (isDue && !dropped.includes(key) && accepted?.type !== comment.type)
      wrong.push(`${key} became a ${accepted?.type}`);
  }
  for (const key of await seenKeys(disk))
    if (!files.has(key) && !finished.includes(key)) wrong.push(`${key} is in seen only`);
  return wrong;
}

function isEnd({ type }: AnyRecord): boolean {
  return type === 'drop' || type === 'run.finished';
}

/** `<folder>/<file>` of every queue file, by key. */
export async function filesByKey(disk: SimulatedDisk): Promise<Map<string, string[]>> {
  const files = new Map<string, string[]>();
  for (const folder of folders) {
    for (const file of await listQueue(state, folder, disk)) {
      const key = file.slice(file.indexOf('-') + 1);
      files.set(key, [...(files.get(key) ?? []), `${folder}/${file}`]);
    }
  }
  return files;
}

async function seenKeys(disk: SimulatedDisk): Promise<string[]> {
  return parseLines((await disk.read(statePaths(state).seen)) ?? '').map(({ key }) => String(key));
}
