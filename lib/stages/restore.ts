import { restoreBackup } from '../backup/restore.ts';
import type { Taken } from './backup.ts';
import { milliseconds, type RunContext } from './context.ts';
import type { Prepared } from './prepare.ts';
import type { StageOutcome } from './recorder.ts';
import { overlayOutcome } from './run-tests.ts';
import { checkData, destroyData, seedOptions } from './seeds.ts';
import { checkServing } from './serving.ts';

/** Stage restore: the seeded data is destroyed, comes back from the snapshot, and the recipe still serves (L43). */
export async function restore(context: RunContext, prepared: Prepared, taken: Taken): Promise<StageOutcome> {
  const destroyed = await destroyData(context, prepared, taken.data);
  if (destroyed !== null) return destroyed;
  const restored = await restoreBackup({
    ...seedOptions(context, prepared),
    repository: taken.repository,
    snapshot: taken.snapshot,
    timeoutMs: milliseconds(context.settings.timeouts.deploy),
    onLine: (service, line) => void context.recorder.say(`restore hook of ${service}`, line),
  });
  if (!restored.ok)
    return {
      status: 'fail',
      cause: restored.convergence?.ok === false ? restored.convergence.cause : 'recipe',
      summary: restored.summary,
    };
  await context.recorder.say('restore', howWords[restored.how]);
  const data = await checkData(context, prepared, taken.data, 'after the restore');
  if (data !== null) return data;
  const serving = await checkServing(context, prepared);
  return serving ?? (await overlayOutcome(context, 'restore')) ?? { status: 'pass' };
}

const howWords = {
  running: 'restored onto the running services, with the restore hooks of the recipe',
  stopped: 'restored with the services stopped: the saved volumes were emptied and filled from the snapshot',
} as const;
