import type { JanitorRecord } from '@ccci/lib/records/janitor.ts';
import { finishedOf } from '@ccci/lib/runs/finished.ts';
import { revive } from '@ccci/lib/state/dead-claims.ts';
import { listThin, thinOut } from '@ccci/lib/state/done.ts';
import { deadClaims } from '@ccci/lib/state/queue.ts';
import type { JanitorOptions } from './janitor.ts';

const dayMs = 86_400_000;

/** Puts the claims of stages that died back into the queue, or commits those whose run was over (triggers.md). */
export async function* reviveClaims({
  state,
  runs,
  isDry,
  say,
}: JanitorOptions): AsyncGenerator<JanitorRecord> {
  for (const file of await deadClaims(state)) {
    const what = `queue file ${file}`;
    const why = 'its stage has died';
    if (isDry) {
      yield say({ did: 'requeued', what, why });
      continue;
    }
    const did = await revive(state, file, { finishedOf: (run) => finishedOf(runs, run) });
    if (did !== null) yield say({ did, what, why: did === 'finished' ? 'its run was over' : why });
  }
}

/** Removes the journals of what is done, answered, and old. */
export async function* thinDone({
  state,
  keepDays,
  now,
  isDry,
  say,
}: JanitorOptions): AsyncGenerator<JanitorRecord> {
  const files = await listThin(state, { nowMs: now().getTime(), olderThanMs: keepDays * dayMs });
  const gone = isDry ? files : await thinOut(state, files);
  for (const file of gone) {
    yield say({ did: 'removed', what: `journal ${file}`, why: `answered, and older than ${keepDays} days` });
  }
}
