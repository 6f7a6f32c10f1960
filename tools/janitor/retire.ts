import { join } from 'node:path';
import type { JanitorRecord } from '@ccci/lib/records/janitor.ts';
import { holdDead, removeOfRun } from '@ccci/lib/runs/dead.ts';
import { readDiskSize } from '@ccci/lib/runs/disk-size.ts';
import { listRuns } from '@ccci/lib/runs/list.ts';
import { readResults } from '@ccci/lib/runs/results.ts';
import { readAnswer } from '@ccci/lib/state/answers.ts';
import { readImagesUsed, writeImagesUsed } from '@ccci/lib/state/images-used.ts';
import { listUnfinishedRuns } from '@ccci/lib/state/unfinished-runs.ts';
import { addUses } from './image-uses.ts';
import type { JanitorOptions } from './janitor.ts';
import { decideRetired, decideSpare, type KeptRun } from './retention.ts';

const mebibyte = 1024 ** 2;

/**
 * Removes the directories of old runs, then, while all runs together take more than their quota, of the oldest. What they
 * used is remembered first: images are kept by when they were used.
 */
export async function* retire(options: JanitorOptions): AsyncGenerator<JanitorRecord> {
  const { state, keepDays, now, say } = options;
  const known = await readKnown(options);
  const unfinished = await listUnfinishedRuns(state);
  const gone = new Set<string>();
  const remove = async (id: string) => {
    const isFree = !unfinished.has(id) && (await isAnswered(state, id)) && (await isRemoved(id, options));
    if (isFree) gone.add(id);
    return isFree;
  };
  for (const id of decideRetired(known, { ...options, nowMs: now().getTime() })) {
    if (options.stopping.aborted) return;
    if (!(await remove(id))) continue;
    yield say({
      did: 'removed',
      what: `directory of run ${id}`,
      why: `older than ${keepDays} days`,
      run: id,
    });
  }
  yield* retireOverQuota(known, gone, remove, options);
}

/** Everything of a run goes at once: results without their logs would tell half of what happened. */
async function* retireOverQuota(
  known: readonly KeptRun[],
  gone: ReadonlySet<string>,
  remove: (id: string) => Promise<boolean>,
  options: JanitorOptions,
): AsyncGenerator<JanitorRecord> {
  const { quotaMb, runs, say, stopping, warn } = options;
  if (quotaMb === null) return;
  const why = `all runs together take more than ${quotaMb} MiB`;
  const sizes = await readSizes(runs, gone);
  let bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  for (const id of decideSpare(known)) {
    if (bytes <= quotaMb * mebibyte || stopping.aborted) return;
    if (gone.has(id) || !(await remove(id))) continue;
    bytes -= sizes.get(id) ?? 0;
    yield say({ did: 'removed', what: `directory of run ${id}`, why, run: id });
  }
  if (bytes > quotaMb * mebibyte) warn(`${why}, and none is left that could go`);
}

/** Of a dry run what would be gone by now is not there either. */
async function readSizes(runs: string, gone: ReadonlySet<string>): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const id of await listRuns(runs)) if (!gone.has(id)) sizes.set(id, await readDiskSize(join(runs, id)));
  return sizes;
}

async function readKnown({ state, runs, isDry }: JanitorOptions): Promise<KeptRun[]> {
  const known: KeptRun[] = [];
  let used = await readImagesUsed(state);
  const before = JSON.stringify(used);
  for (const id of await listRuns(runs)) {
    const results = await readResults(runs, id);
    if (results === undefined) continue;
    const { recipe, scope, verdict, version, finished } = results;
    known.push({ id, recipe, scope, verdict, version, finished });
    used = addUses(used, results);
  }
  if (!isDry && JSON.stringify(used) !== before) await writeImagesUsed(state, used);
  return known;
}

/** What report still has to tell needs its run; what it never answers (sweeps, runs by hand) has nothing to tell. */
async function isAnswered(state: string, id: string): Promise<boolean> {
  const keys = new Set([id, id.replace(/\.(?:\d+|control|repeat|attach-\d+)$/, '')]);
  for (const key of keys) {
    const answer = key.length > 80 ? undefined : await readAnswer(state, key);
    if (answer?.final === false) return false;
  }
  return true;
}

/** False where somebody lives in it, or nobody can say. */
async function isRemoved(id: string, { runs, isDry }: JanitorOptions): Promise<boolean> {
  const hold = await holdDead(runs, id);
  if (hold.kind !== 'dead') return false;
  try {
    if (!isDry) await removeOfRun(runs, id, 'all');
    return true;
  } finally {
    hold.lock.release();
  }
}
