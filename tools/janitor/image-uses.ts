import type { Results } from '@ccci/lib/records/results.ts';
import type { ImagesUsed } from '@ccci/lib/state/images-used.ts';
import type { StoredImage } from '@ccci/lib/swarm/stored-images.ts';

/** Adds what a run used, by its environment record; the newest use counts. Pure. */
export function addUses(
  used: ImagesUsed,
  { environment, finished }: Pick<Results, 'environment' | 'finished'>,
): ImagesUsed {
  const images = (environment as { images?: unknown }).images;
  if (typeof images !== 'object' || images === null) return used;
  const newer = Object.entries(images).filter(
    ([name, id]) => typeof id === 'string' && (used[name]?.used ?? 0) < finished,
  );
  if (newer.length === 0) return used;
  return {
    ...used,
    ...Object.fromEntries(newer.map(([name, id]) => [name, { id: String(id), used: finished }])),
  };
}

/**
 * Names that may be taken off images, least recently used first (O7, L61): only those that a run of ours used, with the
 * content that it used. What nobody of ours used is somebody else's. Pure.
 */
export function leastRecentlyUsed(images: readonly StoredImage[], used: ImagesUsed): string[] {
  return images
    .flatMap(({ id, names }) => names.map((name) => ({ id, name })))
    .filter(({ id, name }) => used[name]?.id === id)
    .sort(
      (one, other) => usedAt(one.name, used) - usedAt(other.name, used) || (one.name < other.name ? -1 : 1),
    )
    .map(({ name }) => name);
}

function usedAt(name: string, used: ImagesUsed): number {
  return used[name]?.used ?? 0;
}
