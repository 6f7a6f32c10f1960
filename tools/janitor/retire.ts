import type { JanitorRecord } from '@ccci/lib/records/janitor.ts';
import { holdDead, removeOfRun } from '@ccci/lib/runs/dead.ts';
import { listRuns } from '@ccci/lib/runs/list.ts';
import { readResults } from '@ccci/lib/runs/results.ts';
import { readAnswer } from '@ccci/lib/state/answers.ts';
import { readImagesUsed, writeImagesUsed } from '@ccci/lib/state/images-used.ts';
import { listUnfinishedRuns } from '@ccci/lib/state/unfinished-runs.ts';
import { addUses } from './image-uses.ts';
import type { JanitorOptions } from './janitor.ts';
import { decideRetired, type KeptRun } from './retention.ts';

/** Removes the directories of old runs. What they used is remembered first: images are kept by when they were used. */
export async function* retire(options: JanitorOptions): AsyncGenerator<JanitorRecord> {
  const { state, runs, isDry, keepDays, now, say } = options;
  const known: KeptRun[] = [];
  let used = await readImagesUsed(state);
  const before = JSON.stringify(used);
  for (const id of await listRuns(runs)) {
    const results = await readResults(runs, id);
    if (results === undefined) continue;
    const { recipe, scope, verdict, finished } = results;
    known.push({ id, recipe, scope, verdict, finished });
    used = addUses(used, results);
  }
  if (!isDry && JSON.stringify(used) !== before) await writeImagesUsed(state, used);
  const retired = decideRetired(known, { ...options, nowMs: now().getTime() });
  if (retired.length === 0) return;
  const unfinished = await listUnfinishedRuns(state);
  for (const id of retired) {
    if (unfinished.has(id) || !(await isAnswered(state, id)) || !(await isRemoved(id, options))) continue;
    const why = `older than ${keepDays} days`;
    yield say({ did: 'removed', what: `directory of run ${id}`, why, run: id });
  }
}

/** What report still has to tell needs its run; what it never answers (sweeps, runs by hand) has nothing to tell. */
async function isAnswered(state: string, id: string): Promise<boolean> {
  const keys = new Set([id, id.replace(/\.(?:\d+|control|repeat)$/, '')]);
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
