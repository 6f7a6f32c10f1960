import type { Engine } from './engine.ts';
import { ownerLabel, runLabel } from './owned.ts';
import { namespaceLabel } from './shapes.ts';

/** What one volume or container holds on the engine's disk. */
export type DiskUse = {
  readonly kind: 'volume' | 'container';
  readonly name: string;
  readonly bytes: number;
};

type Labels = Readonly<Record<string, string>> | null | undefined;
type Answer = {
  readonly Volumes?: readonly { Name: string; Labels?: Labels; UsageData?: { Size: number } | null }[] | null;
  readonly Containers?: readonly { Names?: string[]; Id: string; Labels?: Labels; SizeRw?: number }[] | null;
};

/**
 * What the volumes of a run and the writable layers of its containers hold, largest first. The engine counts all that
 * it has for this (there is no call for one volume), so it is slow on a large one: to be asked seldom.
 */
export async function readDiskUse(
  engine: Engine,
  { owner, run, stack }: { readonly owner: string; readonly run: string; readonly stack: string },
  signal?: AbortSignal,
): Promise<DiskUse[]> {
  const answer = await engine.json<Answer>('GET', '/system/df', undefined, { signal });
  const isOurs = (labels: Labels) =>
    (labels?.[ownerLabel] === owner && labels[runLabel] === run) || labels?.[namespaceLabel] === stack;
  const volumes = (answer.Volumes ?? [])
    .filter(({ Labels }) => isOurs(Labels))
    .map(({ Name, UsageData }) => ({
      kind: 'volume' as const,
      name: Name,
      bytes: Math.max(0, UsageData?.Size ?? 0),
    }));
  const containers = (answer.Containers ?? [])
    .filter(({ Labels }) => isOurs(Labels))
    .map(({ Names, Id, SizeRw }) => ({
      kind: 'container' as const,
      name: Names?.[0]?.slice(1) ?? Id.slice(0, 12),
      bytes: SizeRw ?? 0,
    }));
  return [...volumes, ...containers].sort((one, other) => other.bytes - one.bytes);
}
