import { messageOf } from '@ccci/lib/program/failure.ts';
import type { JanitorRecord } from '@ccci/lib/records/janitor.ts';
import { readDiskSpace } from '@ccci/lib/runs/disk-space.ts';
import { lockNoRuns } from '@ccci/lib/state/alone.ts';
import { readImagesUsed } from '@ccci/lib/state/images-used.ts';
import { localDataRoot } from '@ccci/lib/swarm/data-root.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import { listImages, removeImage } from '@ccci/lib/swarm/stored-images.ts';
import { leastRecentlyUsed } from './image-uses.ts';
import type { JanitorOptions } from './janitor.ts';

/**
 * Removes images, those first that no run has used for longest, while more of the engine's disk is used than is allowed
 * (O7, L61). Never while a run goes on: none can begin meanwhile. An engine whose disk cannot be seen keeps all.
 */
export async function* pruneImages(options: JanitorOptions): AsyncGenerator<JanitorRecord> {
  const { engine, state, isDry } = options;
  if (engine === null) return;
  try {
    const dataRoot = await localDataRoot(engine);
    if (dataRoot === null || !(await isOver(dataRoot, options))) return;
    const lock = isDry ? null : await lockNoRuns(state);
    if (lock === null && !isDry) return;
    try {
      yield* prune(engine, dataRoot, options);
    } finally {
      lock?.release();
    }
  } catch (error) {
    yield options.say({ did: 'left', what: 'images on the engine', why: messageOf(error) });
  }
}

async function* prune(
  engine: Engine,
  dataRoot: string,
  options: JanitorOptions,
): AsyncGenerator<JanitorRecord> {
  const { state, imagesAbovePercent: limit, isDry, say, stopping, warn } = options;
  const names = leastRecentlyUsed(await listImages(engine), await readImagesUsed(state));
  for (const name of names) {
    if (stopping.aborted || !(await isOver(dataRoot, options))) return;
    if (!isDry && !(await removeImage(engine, name))) continue;
    yield say({ did: 'removed', what: `image ${name}`, why: `more than ${limit} % of ${dataRoot} is used` });
  }
  if (isDry || !(await isOver(dataRoot, options))) return;
  warn(`more than ${limit} % of ${dataRoot} is used, and no image of ours is left that could go`);
}

async function isOver(dataRoot: string, { imagesAbovePercent }: JanitorOptions): Promise<boolean> {
  return (await readDiskSpace(dataRoot)).usedPercent > imagesAbovePercent;
}
