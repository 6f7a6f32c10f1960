import type { JanitorRecord } from '@ccci/lib/records/janitor.ts';
import { finishRemoving, listRemoved } from '@ccci/lib/runs/dead.ts';
import { realDisk } from '@ccci/lib/state/files.ts';
import { listTemporary } from '@ccci/lib/state/temporary.ts';
import type { JanitorOptions } from './janitor.ts';

/** No program takes longer to give a file its name. */
const olderThanMs = 3_600_000;

/** Removes for good what a janitor that was killed had begun to remove; nobody sees those as runs. */
export async function* clearRemoved({ runs, isDry, say }: JanitorOptions): AsyncGenerator<JanitorRecord> {
  for (const run of await listRemoved(runs)) {
    if (!isDry) await finishRemoving(runs, run);
    const why = 'whoever removed it was killed';
    yield say({ did: 'removed', what: `rest of the directory of run ${run}`, why, run });
  }
}

/** Removes files that never got their name because their program was killed. */
export async function* clearTemporary({
  state,
  now,
  isDry,
  say,
}: JanitorOptions): AsyncGenerator<JanitorRecord> {
  for (const path of await listTemporary(state, { nowMs: now().getTime(), olderThanMs })) {
    if (!isDry) await realDisk.remove(path);
    yield say({ did: 'removed', what: `file ${path}`, why: 'whoever wrote it was killed' });
  }
}
