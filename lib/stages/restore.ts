import { restoreBackup } from '../backup/restore.ts';
import { wordsForDatabase, wordsForVolume } from '../backup/seed.ts';
import { databaseWay, restoreWays, type Way } from '../backup/ways.ts';
import type { Taken } from './backup.ts';
import { milliseconds, type RunContext } from './context.ts';
import type { Prepared } from './prepare.ts';
import type { StageOutcome } from './recorder.ts';
import { hasHook } from './run-hook.ts';
import { overlayOutcome } from './run-tests.ts';
import { checkData, destroyData, type SeededData, seedOptions, withWarnings } from './seeds.ts';
import { checkServing } from './serving.ts';

/** Stage restore: the seeded data is destroyed, comes back from the snapshot, and the recipe still serves (L43). */
export async function restore(context: RunContext, prepared: Prepared, taken: Taken): Promise<StageOutcome> {
  const { spec } = seedOptions(context, prepared);
  return withWarnings(await bringBack(context, prepared, taken), spec);
}

async function bringBack(context: RunContext, prepared: Prepared, taken: Taken): Promise<StageOutcome> {
  const options = seedOptions(context, prepared);
  const destroyed = await destroyData(context, prepared, taken.data);
  if (destroyed !== null) return destroyed;
  const restored = await restoreBackup({
    ...options,
    repository: taken.repository,
    snapshot: taken.snapshot,
    timeoutMs: milliseconds(context.settings.timeouts.deploy),
    hookMs: milliseconds(context.settings.timeouts.deploy),
    onLine: (service, line) => void context.recorder.say(`restore hook of ${service}`, line),
  });
  await recordWays(context, options.spec, taken.data);
  if (!restored.ok) {
    const cause = restored.convergence.ok ? 'recipe' : restored.convergence.cause;
    return { status: 'fail', cause, summary: restored.summary };
  }
  const data = await checkData(context, prepared, taken.data, 'after the restore');
  if (data !== null) return data;
  const undone = notDestroyed(context, options.spec, taken.data);
  if (undone !== null) return undone;
  const serving = await checkServing(context, prepared);
  return serving ?? (await overlayOutcome(context, 'restore')) ?? { status: 'pass' };
}

type Spec = ReturnType<typeof seedOptions>['spec'];

/** For each volume and database, how it was destroyed and restored (stages.md, Destroying). */
async function recordWays(context: RunContext, spec: Spec, { seeds }: SeededData): Promise<void> {
  const record = (what: string, way: Way, words: Readonly<Record<Way, string>>) =>
    context.recorder.test({
      name: `${what} is destroyed before it is restored`,
      status: way === 'none' ? 'skip' : 'pass',
      ms: 0,
      message: words[way],
    });
  const ways = restoreWays(spec);
  for (const { name } of spec.volumes)
    await record(wordsForVolume({ name }), ways.get(name) ?? 'none', ofVolumes);
  for (const table of seeds.tables)
    await context.recorder.test({
      name: `${wordsForDatabase(table)} is destroyed before it is restored`,
      status: 'pass',
      ms: 0,
      message: ofDatabases[databaseWay(spec, table)],
    });
}

const ofVolumes: Readonly<Record<Way, string>> = {
  hooks:
    'only our marker was changed: restored onto the running services, with the restore hooks of the recipe',
  emptied: 'emptied and filled from the snapshot while the services were stopped',
  none: 'left alone: the backup leaves it out',
};

const ofDatabases: Readonly<Record<Way, string>> = {
  hooks: 'rows were changed and dropped: restored by the restore hooks of the recipe',
  emptied:
    'rows were changed and dropped, then its volume was emptied and filled while the services were stopped',
  none: 'rows were changed and dropped: no volume with its files is in the backup',
};

/** A hook's data in running services is destroyed by the hook `mutate` alone. */
function notDestroyed(context: RunContext, spec: Spec, { byHook }: SeededData): StageOutcome | null {
  const isEmptied = [...restoreWays(spec).values()].every((way) => way === 'emptied');
  if (!byHook || hasHook(context, 'mutate') || isEmptied) return null;
  return {
    status: 'unver',
    summary: 'there is a hook seed and no hook mutate, so what it wrote was never destroyed',
  };
}
