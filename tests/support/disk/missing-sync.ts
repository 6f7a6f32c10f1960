import { type Scene, type SweepOptions, type Swept, sweep } from './sweep.ts';

/** A scene, whatever its world is, with what its sweep found. */
export type Told = {
  readonly name: string;
  readonly swept: Swept;
  readonly again: (options: SweepOptions) => Promise<Swept>;
};

export type Taken = {
  /** The sync that was taken out, as `Operation.site`. */
  readonly site: string;
  /** The first thing that was wrong without it, null when nothing was. */
  readonly noticed: string | null;
};

/** Sweeps a scene with everything in place. */
export async function tell<World>(scene: Scene<World>, options: SweepOptions): Promise<Told> {
  const swept = await sweep(scene, options);
  return { name: scene.name, swept, again: (others) => sweep(scene, others) };
}

/** All syncs that any of the scenes asks for. */
export function sitesOf(told: readonly Told[]): readonly string[] {
  return [...new Set(told.flatMap(({ swept }) => [...swept.sites]))].sort();
}

/**
 * Takes the syncs out, one at a time, and tells the scenes again that ask for it, until something is wrong: first
 * without a second life, which is cheap, then with it.
 */
export async function takeOut(
  told: readonly Told[],
  sites: readonly string[],
  options: SweepOptions,
): Promise<readonly Taken[]> {
  const shortFirst = [...told].sort((one, other) => one.swept.points - other.swept.points);
  const taken: Taken[] = [];
  for (const site of sites) {
    const scenes = shortFirst.filter(({ swept }) => swept.sites.has(site));
    const quick = await firstWrong(scenes, { ...options, seconds: 0, without: site });
    taken.push({ site, noticed: quick ?? (await firstWrong(scenes, { ...options, without: site })) });
  }
  return taken;
}

async function firstWrong(scenes: readonly Told[], options: SweepOptions): Promise<string | null> {
  for (const { name, again } of scenes) {
    const { wrong } = await again({ ...options, isBrief: true });
    if (wrong[0] !== undefined) return `${name}, ${wrong[0]}`;
  }
  return null;
}
