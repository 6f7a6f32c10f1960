import { basename, dirname, join } from 'node:path';
import { encodeLine } from '../records/encode.ts';
import type { AnyRecord } from '../records/types.ts';
import { acceptedPath } from './accepted.ts';
import { type Disk, realDisk, temporaryName } from './files.ts';
import { journalPath, type QueueFolder, statePaths } from './layout.ts';
import { appendSeen } from './seen.ts';

/** One record that was judged for the first time: what waits goes to `new`, what will not run to `done`. */
export type Judged = {
  readonly file: string;
  readonly key: string;
  readonly record: AnyRecord;
  readonly folder: QueueFolder;
};

type Target = { readonly temporary: string; readonly path: string };

/**
 * Stores what was judged so that nothing after it can lose or double it (triggers.md, step 2; L03): the accepted
 * files, then the queue files, then the lines of `seen.ndjson`, each durable before the next begins. Only after that
 * may standard output say so. A burst shares the fsyncs of folders and of `seen.ndjson`.
 */
export async function accept(
  state: string,
  judged: readonly Judged[],
  {
    now,
    disk = realDisk,
    beforeSeen = async () => {},
  }: {
    readonly now: () => Date;
    readonly disk?: Disk;
    /** What has to be done before the keys count as known; done again at the next start if it was not finished. */
    readonly beforeSeen?: () => Promise<void>;
  },
): Promise<void> {
  if (judged.length === 0) return;
  await placeAll(judged.map(acceptedTarget(state)), contents(judged), disk);
  await placeAll(judged.map(queueTarget(state)), contents(judged), disk);
  await beforeSeen();
  const at = now().toISOString();
  await appendSeen(
    state,
    judged.map(({ key, file }) => ({ key, at, file })),
    disk,
  );
}

/** Removes what a crash left of files that never got their name; only dedupe writes there. */
export async function clearTemporary(state: string, disk: Disk = realDisk): Promise<void> {
  const { tmp } = statePaths(state).queue;
  for (const name of await disk.list(tmp)) await disk.remove(join(tmp, name));
}

function contents(judged: readonly Judged[]): string[] {
  return judged.map(({ record }) => encodeLine(record));
}

function acceptedTarget(state: string): (judged: Judged) => Target {
  return ({ file }) => {
    const path = acceptedPath(state, file);
    return { temporary: temporaryName(path), path };
  };
}

function queueTarget(state: string): (judged: Judged) => Target {
  return ({ file, folder }) => {
    const path = journalPath(state, folder, file);
    return { temporary: join(statePaths(state).queue.tmp, basename(path)), path };
  };
}

async function placeAll(targets: readonly Target[], texts: readonly string[], disk: Disk): Promise<void> {
  await Promise.all(
    targets.map(async ({ temporary }, index) => {
      await disk.write(temporary, texts[index] ?? '');
      await disk.sync(temporary);
    }),
  );
  for (const { temporary, path } of targets) await disk.rename(temporary, path);
  for (const folder of new Set(targets.map(({ path }) => dirname(path)))) await disk.sync(folder);
}
