import type { BackupVolume } from '../recipe/backup-labels.ts';
import { engineNow } from '../swarm/clock.ts';
import { type Convergence, waitConverged } from '../swarm/converge.ts';
import { servicesBefore } from '../swarm/deploy.ts';
import { filterTar } from '../swarm/filter-tar.ts';
import { stopStack } from '../swarm/scale.ts';
import { partsOf } from '../swarm/tar-paths.ts';
import { openCarrier, wipeVolumes } from '../swarm/volumes.ts';
import { type HookResult, hookFailure, hooksAt, runHooks } from './hooks.ts';
import { type BackupOptions, defaultHookMs, savedVolumes, snapshotName } from './take.ts';
import { restoreWays, type Way } from './ways.ts';

export type RestoreOptions = BackupOptions & {
  /** The id that `takeBackup` gave. */
  readonly snapshot: string;
  /** For stopping and for coming up again; 10 minutes unless told. */
  readonly timeoutMs?: number;
};

export type Restore = {
  readonly ok: boolean;
  readonly summary: string | null;
  readonly hooks: readonly HookResult[];
  /** How the stack came up again. */
  readonly convergence: Convergence;
};

/**
 * Restores a snapshot as the recipe's labels ask for, each volume in its way. All services are stopped and started
 * first: volumes without hooks are emptied and filled meanwhile, and hooks find containers that are new, as they do
 * where a backup is needed in earnest. A dump that was left outside the volumes is gone by then (L41).
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restore> {
  const convergence = await refill(options);
  if (!convergence.ok) {
    const summary = `the services did not come up again in the restore: ${convergence.summary}`;
    return { ok: false, summary, hooks: [], convergence };
  }
  const { engine, stack, spec, signal, onLine, hookMs = defaultHookMs } = options;
  const call = { engine, stack, signal, timeoutMs: hookMs, onLine };
  const before = await runHooks(hooksAt(spec, 'restore.pre'), call);
  const failure = hookFailure(before);
  if (failure !== null) return { ok: false, summary: failure, hooks: before, convergence };
  await putSnapshot(options, volumesOf(options, 'hooks'));
  const hooks = [...before, ...(await runHooks(hooksAt(spec, 'restore.post'), call))];
  const summary = hookFailure(hooks);
  return { ok: summary === null, summary, hooks, convergence };
}

async function refill(options: RestoreOptions): Promise<Convergence> {
  const { engine, stack, image, labels, signal, timeoutMs = 600_000 } = options;
  const volumes = volumesOf(options, 'emptied');
  const stopped = await stopStack(engine, { stack, timeoutMs, signal });
  const startedAt = await engineNow(engine);
  const before = await servicesBefore(engine, stack);
  try {
    const wiped = volumes.map(({ fullName, paths }) => ({ name: fullName, paths }));
    await wipeVolumes(engine, wiped, { image, labels, signal });
    await putSnapshot(options, volumes);
  } finally {
    await stopped.start();
  }
  return waitConverged(engine, { stack, call: { startedAt, before }, timeoutMs, signal });
}

function volumesOf({ spec }: RestoreOptions, way: Way): BackupVolume[] {
  const ways = restoreWays(spec);
  return savedVolumes(spec).filter(({ name }) => ways.get(name) === way);
}

async function putSnapshot(
  { engine, spec, repository, snapshot, image, labels, signal }: RestoreOptions,
  volumes: readonly BackupVolume[],
): Promise<void> {
  if (volumes.length === 0) return;
  const names = new Set(volumes.map(({ fullName }) => fullName));
  const carrier = await openCarrier(engine, {
    volumes: [...names].map((name) => ({ name })),
    image,
    labels,
    signal,
  });
  const all = repository.dump(snapshot, { name: snapshotName });
  const isWhole = names.size === savedVolumes(spec).length;
  try {
    // The names in the tar begin with the carrier's folder of volumes.
    const isWanted = (entry: string) => names.has(partsOf(entry).volume ?? '');
    await carrier.write('/', isWhole ? all : filterTar(all, { isWanted }));
  } finally {
    await carrier.close();
  }
}
