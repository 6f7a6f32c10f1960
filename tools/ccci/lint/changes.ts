import type { Discovery } from '@ccci/lib/plan/discover.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { visible } from '@ccci/lib/program/visible.ts';
import { changesBetween } from '@ccci/lib/recipe/changes.ts';
import type { Changes } from '@ccci/lib/records/changes.ts';
import type { Prepared } from '@ccci/lib/stages/prepare.ts';
import { prepareSide, type SideOptions, stack } from './sides.ts';

/** What changes against the base of the upgrade, in words; what cannot be compared is said. */
export async function sayChanges(
  discovery: Discovery,
  head: Prepared,
  options: SideOptions,
): Promise<string> {
  const { base } = discovery.plan;
  if (base === null) return 'what changes: there is no published version to compare with\n';
  const against = base.version ?? base.ref.slice(0, 12);
  try {
    const before = await prepareSide(discovery, 'base', options);
    const sides = [before, head].map(({ rendered, entries }) => ({ stack: rendered, entries }));
    return changesText(changesBetween(sides[0]!, sides[1]!, { against, stackName: stack }));
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== exitStatus.badInput) throw error;
    return visible(`what changes: ${against} cannot be rendered: ${error.message}`).concat('\n');
  }
}

/** A line for each thing that changes; what loses data first. Pure. */
export function changesText(changes: Changes): string {
  const { against, volumes, images } = changes;
  const lines = [
    ...volumes.dropped.map((name) => `volume ${name} is dropped: ITS DATA IS LEFT BEHIND`),
    ...volumes.renamed.map(({ from, to }) => `volume ${from} is now ${to}: ITS DATA IS LEFT BEHIND`),
    ...images.map(({ service, from, to }) => `image of ${service}: ${from ?? 'none'} -> ${to ?? 'none'}`),
    ...volumes.added.map((name) => `new volume: ${name}`),
    ...(['services', 'ports', 'variables', 'secrets', 'configs'] as const).flatMap((kind) => [
      ...changes[kind].added.map((name) => `new ${kind.slice(0, -1)}: ${name}`),
      ...changes[kind].removed.map((name) => `gone ${kind.slice(0, -1)}: ${name}`),
    ]),
  ];
  if (lines.length === 0)
    return visible(`what changes against ${against}: nothing that is told here`).concat('\n');
  return [`what changes against ${against}:`, ...lines.map((line) => `  ${line}`)]
    .map((line) => `${visible(line.replaceAll(/\s*\n\s*/g, ' '))}\n`)
    .join('');
}
