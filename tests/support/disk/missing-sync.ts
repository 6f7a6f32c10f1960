import { type Scene, type SweepOptions, type Swept, sweep } from './sweep.ts';

/** Scenes of one world, with what their sweep found. */
export type Told<World> = { readonly scene: Scene<World>; readonly swept: Swept };

export type Taken = {
  /** The sync that was taken out, as `Operation.site`. */
  readonly site: string;
  /** The first thing that was wrong without it, null when nothing was. */
  readonly noticed: string | null;
};

/**
 * Takes the syncs out, one at a time, and tells the scenes again that ask for it, until something is wrong: first
 * without cuts in the second life, which is cheap, then with them.
 */
export async function takeOut<World>(
  told: readonly Told<World>[],
  { seeds, stride }: Pick<SweepOptions, 'seeds' | 'stride'>,
): Promise<readonly Taken[]> {
  const shortFirst = [...told].sort((one, other) => one.swept.points - other.swept.points);
  const sites = [...new Set(told.flatMap(({ swept }) => [...swept.sites]))].sort();
  const taken: Taken[] = [];
  for (const site of sites) {
    const scenes = shortFirst.filter(({ swept }) => swept.sites.has(site)).map(({ scene }) => scene);
    const plans = [0, stride].flatMap((one) => scenes.map((scene) => ({ scene, stride: one })));
    taken.push({ site, noticed: await firstWrong(plans, { site, seeds }) });
  }
  return taken;
}

async function firstWrong<World>(
  plans: readonly { readonly scene: Scene<World>; readonly stride: number }[],
  { site, seeds }: { readonly site: string; readonly seeds: number },
): Promise<string | null> {
  for (const { scene, stride } of plans) {
    const { wrong } = await sweep(scene, { seeds, stride, without: site, isBrief: true });
    if (wrong[0] !== undefined) return `${scene.name}, ${wrong[0]}`;
  }
  return null;
}
