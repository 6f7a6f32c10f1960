import { engineNow } from '../swarm/clock.ts';
import { type Convergence, waitConverged } from '../swarm/converge.ts';
import { servicesBefore } from '../swarm/deploy.ts';
import { stopStack } from '../swarm/scale.ts';
import { openCarrier, wipeVolumes } from '../swarm/volumes.ts';
import { type HookResult, hookFailure, hooksAt, runHooks } from './hooks.ts';
import { type BackupOptions, defaultHookMs, savedVolumes, snapshotName } from './take.ts';

export type RestoreOptions = BackupOptions & {
  /** The id that `takeBackup` gave. */
  readonly snapshot: string;
  /** For stopping and for coming up again; 10 minutes unless told. */
  readonly timeoutMs?: number;
};

export type Restore = {
  readonly ok: boolean;
  readonly summary: string | null;
  /** `running`: files put onto the running volumes, then hooks; `stopped`: services at 0, volumes emptied and filled. */
  readonly how: 'running' | 'stopped';
  readonly hooks: readonly HookResult[];
  /** How the stack came up again; null where it was not stopped. */
  readonly convergence: Convergence | null;
};

/** Restores a snapshot as the recipe's labels ask for: with restore hooks on the running services, else with them stopped. */
export function restoreBackup(options: RestoreOptions): Promise<Restore> {
  const hasHooks = options.spec.hooks.some(({ when }) => when.startsWith('restore.'));
  return hasHooks ? restoreRunning(options) : restoreStopped(options);
}

async function restoreRunning(options: RestoreOptions): Promise<Restore> {
  const { engine, stack, spec, signal, onLine, hookMs = defaultHookMs } = options;
  const call = { engine, stack, signal, timeoutMs: hookMs, onLine };
  const before = await runHooks(hooksAt(spec, 'restore.pre'), call);
  const failure = hookFailure(before);
  if (failure !== null)
    return { ok: false, summary: failure, how: 'running', hooks: before, convergence: null };
  await putSnapshot(options);
  const hooks = [...before, ...(await runHooks(hooksAt(spec, 'restore.post'), call))];
  const summary = hookFailure(hooks);
  return { ok: summary === null, summary, how: 'running', hooks, convergence: null };
}

async function restoreStopped(options: RestoreOptions): Promise<Restore> {
  const { engine, stack, spec, image, labels, signal, timeoutMs = 600_000 } = options;
  const volumes = savedVolumes(spec).map(({ fullName, paths }) => ({ name: fullName, paths }));
  const stopped = await stopStack(engine, { stack, timeoutMs, signal });
  const startedAt = await engineNow(engine);
  const before = await servicesBefore(engine, stack);
  try {
    await wipeVolumes(engine, volumes, { image, labels, signal });
    await putSnapshot(options);
  } finally {
    await stopped.start();
  }
  const convergence = await waitConverged(engine, { stack, call: { startedAt, before }, timeoutMs, signal });
  const summary = convergence.ok ? null : `after the restore: ${convergence.summary}`;
  return { ok: convergence.ok, summary, how: 'stopped', hooks: [], convergence };
}

async function putSnapshot({
  engine,
  spec,
  repository,
  snapshot,
  image,
  labels,
  signal,
}: RestoreOptions): Promise<void> {
  const volumes = savedVolumes(spec).map(({ fullName }) => ({ name: fullName }));
  const carrier = await openCarrier(engine, { volumes, image, labels, signal });
  try {
    // The names in the tar begin with the carrier's folder of volumes.
    await carrier.write('/', repository.dump(snapshot, { name: snapshotName }));
  } finally {
    await carrier.close();
  }
}
