import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { exitStatus, Failure } from '../program/failure.ts';
import type { Base, Plan } from '../records/plan.ts';

/** Overlays of compose in a recipe's folder: one for CI in both deployments, one for the base alone. */
export async function findOverlays(folder: string): Promise<Plan['overlays']> {
  const known = [
    { file: 'compose.ccci.yml', for: 'both' as const },
    { file: 'compose.base.yml', for: 'base' as const },
  ];
  const there = await Promise.all(known.map(({ file }) => isThere(join(folder, file))));
  return known.filter((_, index) => there[index]);
}

export type OverlayCheck = {
  readonly overlays: Plan['overlays'];
  /** `upgrade.overlay.for` of the settings. */
  readonly declared: string | null;
  readonly base: Base | null;
  /** For messages. */
  readonly folder: string;
};

/** `Failure` `stale-overlay` when `compose.base.yml` is not for the version that the upgrade begins from (D7). */
export function checkBaseOverlay({ overlays, declared, base, folder }: OverlayCheck): void {
  const file = `${folder}/compose.base.yml`;
  const isGiven = overlays.some((overlay) => overlay.for === 'base');
  if (isGiven && declared === null) {
    throw stale(`${file} does not say which version it is for`, 'set upgrade.overlay.for in recipe.yml');
  }
  if (!isGiven && declared !== null) {
    throw stale(
      `upgrade.overlay.for is ${declared}, but there is no ${file}`,
      'remove the setting, or add the file',
    );
  }
  if (!isGiven || base === null || base.version === declared) return;
  const from = base.version ?? base.ref.slice(0, 12);
  throw stale(
    `${file} is for ${declared}, but the upgrade begins from ${from}`,
    `remove it, or check it for ${from}`,
  );
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

function stale(message: string, hint: string): Failure {
  return new Failure(exitStatus.badInput, 'stale-overlay', message, { hint });
}
