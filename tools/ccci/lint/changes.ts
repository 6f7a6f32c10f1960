import { changeLines } from '@ccci/lib/pages/changes-words.ts';
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
  const { against } = changes;
  const lines = changeLines(changes, (name) => name).map(({ words, isLoss }) =>
    isLoss ? words.replace('its data is left behind', 'ITS DATA IS LEFT BEHIND') : words,
  );
  if (lines.length === 0)
    return visible(`what changes against ${against}: nothing that an operator has to know`).concat('\n');
  return [`what changes against ${against}:`, ...lines.map((line) => `  ${line}`)]
    .map((line) => `${visible(line.replaceAll(/\s*\n\s*/g, ' '))}\n`)
    .join('');
}
