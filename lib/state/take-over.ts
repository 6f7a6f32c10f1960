import { dirname } from 'node:path';
import { type Disk, realDisk } from './files.ts';
import { statePaths } from './layout.ts';

/**
 * Makes durable what the programs before us left in the page cache, before any of it is believed: who was killed
 * between a rename and its fsync left a name that is there to be read, and that a power cut takes away, although by
 * then `seen.ndjson` knows it for ever (L03). Costs next to nothing when nothing waits.
 */
export async function takeOver(state: string, disk: Disk = realDisk): Promise<void> {
  const { root, in: inbox, accepted, queue, answers, seen } = statePaths(state);
  const folders = [
    dirname(root),
    root,
    dirname(inbox.ready),
    inbox.ready,
    accepted,
    dirname(queue.new),
    queue.new,
    queue.cur,
    queue.done,
    answers,
  ];
  for (const folder of folders) await disk.sync(folder);
  if (await disk.exists(seen)) await disk.sync(seen);
}
