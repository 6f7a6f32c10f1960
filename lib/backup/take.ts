import type { BackupSpec } from '../recipe/backup-labels.ts';
import type { Engine } from '../swarm/engine.ts';
import { filterTar } from '../swarm/filter-tar.ts';
import { isSaved, volumesRoot } from '../swarm/tar-paths.ts';
import { openCarrier } from '../swarm/volumes.ts';
import { type HookResult, hookFailure, hooksAt, runHooks } from './hooks.ts';
import type { Repository } from './restic.ts';

export type BackupOptions = {
  readonly engine: Engine;
  readonly stack: string;
  readonly spec: BackupSpec;
  readonly repository: Repository;
  /** Any image that is on the engine, for the carrier. */
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onLine?: (service: string, line: string) => void;
  /** For each hook; 10 minutes unless told. */
  readonly hookMs?: number;
};

export type Backup = {
  readonly ok: boolean;
  /** Why not; null when all is well. */
  readonly summary: string | null;
  /** The snapshot's own id; null when none was made. */
  readonly snapshot: string | null;
  readonly bytes: number;
  readonly hooks: readonly HookResult[];
  /** Full names of the volumes in the snapshot. */
  readonly volumes: readonly string[];
};

/** The name of the one file in each snapshot. */
export const snapshotName = 'volumes';
export const defaultHookMs = 600_000;

/**
 * Backs a stack up as backup-bot-two does: pre-hooks in the running containers, all saved volumes in one snapshot,
 * post-hooks (also after a failure, they clean up). A failing hook is a failed backup, not an error.
 */
export async function takeBackup(options: BackupOptions): Promise<Backup> {
  const { engine, stack, spec, signal, onLine, hookMs = defaultHookMs } = options;
  const call = { engine, stack, signal, timeoutMs: hookMs, onLine };
  const volumes = savedVolumes(spec).map(({ fullName }) => fullName);
  const before = await runHooks(hooksAt(spec, 'backup.pre'), call);
  let stored: { snapshot: string; bytes: number } | null = null;
  let after: HookResult[] = [];
  try {
    if (hookFailure(before) === null && volumes.length > 0) stored = await store(options);
  } finally {
    after = await runHooks(hooksAt(spec, 'backup.post'), call);
  }
  const hooks = [...before, ...after];
  const summary =
    hookFailure(hooks) ?? (stored === null ? 'nothing was saved: the stack has no saved volume' : null);
  return {
    ok: summary === null,
    summary,
    snapshot: stored?.snapshot ?? null,
    bytes: stored?.bytes ?? 0,
    hooks,
    volumes,
  };
}

/** The volumes that a backup holds. */
export function savedVolumes(spec: BackupSpec): BackupSpec['volumes'][number][] {
  return spec.volumes.filter((volume) => volume.saved);
}

async function store({
  engine,
  spec,
  repository,
  image,
  labels,
  signal,
}: BackupOptions): Promise<{ snapshot: string; bytes: number }> {
  const saved = savedVolumes(spec);
  const carrier = await openCarrier(engine, {
    volumes: saved.map(({ fullName }) => ({ name: fullName })),
    image,
    labels,
    signal,
  });
  try {
    const tar = await carrier.read(`/${volumesRoot}`);
    const isWhole = saved.every(({ paths }) => paths === null);
    const isWanted = (entry: string) => isSaved(entry, saved);
    const readAgain = (entry: string) => carrier.read(`/${entry}`);
    return await repository.backup(isWhole ? tar : filterTar(tar, { isWanted, readAgain }), {
      name: snapshotName,
    });
  } finally {
    await carrier.close();
  }
}
