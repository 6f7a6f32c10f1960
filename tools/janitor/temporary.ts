import type { JanitorRecord } from '@ccci/lib/records/janitor.ts';
import { realDisk } from '@ccci/lib/state/files.ts';
import { listTemporary } from '@ccci/lib/state/temporary.ts';
import type { JanitorOptions } from './janitor.ts';

/** No program takes longer to give a file its name. */
const olderThanMs = 3_600_000;

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
