import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../program/failure.ts';
import { readJsonFile, realDisk, temporaryName, writeDurably } from '../state/files.ts';
import { makeFolders } from '../state/folders.ts';
import { statePaths } from '../state/layout.ts';
import { lockPatiently } from '../state/lock.ts';
import { catalog, type MeteredProgram } from './catalog.ts';
import { makeRegistry, type Registry, samplesSchema } from './registry.ts';
import { renderMetrics } from './render.ts';

export type Metrics = {
  /** Whether anybody wants them: what costs something to find out is left alone otherwise. */
  readonly isOn: boolean;
  /** Changes some and writes all, whole; never throws, and never keeps anybody for long. */
  readonly update: (change: (registry: Registry) => void) => Promise<void>;
};

export type MetricsOptions = {
  readonly program: MeteredProgram;
  /** Absolute; `metrics.directory`: where node_exporter's textfile collector looks; undefined where nobody wants metrics. */
  readonly directory?: string | undefined;
  readonly state: string;
  readonly warn: (message: string) => void;
};

const lockMs = 2_000;

/**
 * Metrics of one program: its samples lie in `<state>/metrics/<program>.json`, so that counters outlive it and several of
 * its kind count together, and as text in `<directory>/ccci-<program>.prom`. What goes wrong is said once.
 */
export function openMetrics({ program, directory, state, warn }: MetricsOptions): Metrics {
  if (directory === undefined) return { isOn: false, update: async () => {} };
  let isSaid = false;
  // One after the other: a lock of ours would be somebody else's to ourselves.
  let last = Promise.resolve();
  const update = async (change: (registry: Registry) => void) => {
    try {
      await updateFiles({ program, directory, state }, change);
    } catch (error) {
      if (!isSaid) warn(`metrics are not written: ${messageOf(error)}; the work goes on`);
      isSaid = true;
    }
  };
  return {
    isOn: true,
    update: (change) => {
      last = last.then(() => update(change));
      return last;
    },
  };
}

async function updateFiles(
  { program, directory, state }: Required<Pick<MetricsOptions, 'program' | 'state'>> & { directory: string },
  change: (registry: Registry) => void,
): Promise<void> {
  const folder = statePaths(state).metrics;
  await makeFolders(folder, 0o770);
  const lock = await lockPatiently(join(folder, `${program}.lock`), lockMs);
  if (lock === null) throw new Error(`another ccci-${program} holds ${folder}/${program}.lock`);
  try {
    const path = join(folder, `${program}.json`);
    // Samples that cannot be read are counted anew: a monitor knows counters that begin again.
    const known = samplesSchema.safeParse(await readJsonFile(path).catch(() => undefined)).data ?? {};
    const registry = makeRegistry(catalog[program], known);
    change(registry);
    await writeDurably(path, JSON.stringify(registry.samples()));
    await writeText(
      join(directory, `ccci-${program}.prom`),
      renderMetrics(catalog[program], registry.samples()),
    );
  } finally {
    lock.release();
  }
}

/** Whole, by rename, and readable for everybody: the collector is another user, and there is no secret in it. */
async function writeText(path: string, text: string): Promise<void> {
  const temporary = temporaryName(path);
  await realDisk.write(temporary, text);
  await chmod(temporary, 0o644);
  await realDisk.rename(temporary, path);
}
