import { makeDisk, type Operation, type SimulatedDisk } from './disk.ts';
import { type Survival, showSurvival, survivals } from './survive.ts';

/**
 * A story that is told again and again, ended each time by another power cut.
 * `World` is what the forge, people and other programs know; plain data, it survives every cut.
 */
export type Scene<World> = {
  readonly name: string;
  readonly world: () => World;
  /** One life of the programs, from their start; the world takes note of what was said and done. */
  readonly live: (disk: SimulatedDisk, world: World) => Promise<void>;
  /** What is wrong with what is left; may let the programs live on, to see what they make of it. */
  readonly judge: (disk: SimulatedDisk, world: World) => Promise<readonly string[]>;
};

export type SweepOptions = {
  /** How many random survivals are tried beside the extremes. */
  readonly seeds: number;
  /** Of the second life every n-th operation is cut too; 0 for none. */
  readonly stride: number;
  /** The sync that is taken out, as `Operation.site`. */
  readonly without?: string;
  /** Ends with the first thing that is wrong. */
  readonly isBrief?: boolean;
};

export type Swept = {
  /** Cuts times survivals that were judged. */
  readonly points: number;
  readonly wrong: readonly string[];
};

/** What happened to a life: `at` is its last operation, `Infinity` when it came to its end. */
type Cut = { readonly at: number; readonly survival: Survival | 'killed' };

/**
 * Tells a scene with a cut at every operation: the power is cut in the first life and again in the second, which has
 * to mend what the first one left; or the first life is killed, so that the second trusts what nobody has synced, and
 * then the power is cut.
 */
export async function sweep<World>(scene: Scene<World>, options: SweepOptions): Promise<Swept> {
  const wrong: string[] = [];
  let points = 0;
  for await (const problems of pointsOf(scene, options)) {
    points += 1;
    wrong.push(...problems);
    if (options.isBrief && wrong.length > 0) break;
  }
  return { points, wrong };
}

/** Sites of the syncs of a scene that comes to its end, and of the lives after a cut. */
export async function sitesOf<World>(scene: Scene<World>, options: SweepOptions): Promise<readonly string[]> {
  const sites = new Set<string>();
  const note = ({ site }: Operation) => {
    if (site) sites.add(site);
    return false;
  };
  for await (const _ of pointsOf(scene, options, note));
  return [...sites].sort();
}

async function* pointsOf<World>(
  scene: Scene<World>,
  options: SweepOptions,
  without = ({ site }: Operation) => site !== undefined && site === options.without,
): AsyncGenerator<readonly string[]> {
  const all = survivals(options.seeds);
  for (let at = 1, isWhole = false; !isWhole; at += 1) {
    const disk = makeDisk({ without });
    const world = scene.world();
    const ending = await liveUntil(scene, { disk, world, at });
    isWhole = ending === 'whole';
    if (ending !== 'whole' && ending !== 'cut') yield [`first life, operation ${at}: ${ending}`];
    const last = isWhole ? Number.POSITIVE_INFINITY : at;
    for (const survival of all) {
      const problems = await judged(scene, { disk, world }, survival);
      yield problems.map((problem) => `${showCut({ at: last, survival })}: ${problem}`);
    }
    for (const survival of [...all, 'killed' as const])
      yield* secondLives(scene, { disk, world, first: { at: last, survival }, options });
  }
}

type Left<World> = {
  readonly disk: SimulatedDisk;
  readonly world: World;
  readonly first: Cut;
  readonly options: SweepOptions;
};

/** The second life to its end, and cut at some operations, other ones for each first cut. */
async function* secondLives<World>(
  scene: Scene<World>,
  { disk, world, first, options: { seeds, stride } }: Left<World>,
): AsyncGenerator<readonly string[]> {
  const begin = () => (first.survival === 'killed' ? disk.restart() : disk.survive(first.survival));
  const offset = Number.isFinite(first.at) ? first.at : 0;
  const start = stride === 0 ? Number.POSITIVE_INFINITY : 1 + (offset % stride);
  for (let at = start, isWhole = false; !isWhole; at += stride) {
    const second = { disk: begin(), world: structuredClone(world), at };
    const ending = await liveUntil(scene, second);
    isWhole = ending !== 'cut';
    if (ending !== 'whole' && ending !== 'cut') yield [`${showCut(first)}: does not start: ${ending}`];
    const last = isWhole ? Number.POSITIVE_INFINITY : at;
    for (const survival of first.survival === 'killed' ? survivals(seeds) : few(at)) {
      const problems = await judged(scene, second, survival);
      yield problems.map((problem) => `${showCut(first)}, ${showCut({ at: last, survival })}: ${problem}`);
    }
  }
}

/** After a first power cut the second one need not leave everything that can be left. */
function few(seed: number): readonly Survival[] {
  return ['nothing', 'names', { seed }];
}

async function judged<World>(
  { judge }: Scene<World>,
  { disk, world }: { readonly disk: SimulatedDisk; readonly world: World },
  survival: Survival,
): Promise<readonly string[]> {
  try {
    return await judge(disk.survive(survival), structuredClone(world));
  } catch (error) {
    return [`does not start: ${String((error as Error).message)}`];
  }
}

async function liveUntil<World>(
  { live }: Scene<World>,
  { disk, world, at }: { readonly disk: SimulatedDisk; readonly world: World; readonly at: number },
): Promise<'whole' | 'cut' | (string & {})> {
  disk.cutAfter(at);
  try {
    await live(disk, world);
  } catch (error) {
    if (!disk.isCut()) return String((error as Error).message);
  }
  return disk.isCut() ? 'cut' : 'whole';
}

function showCut({ at, survival }: Cut): string {
  const where = Number.isFinite(at) ? `operation ${at}` : 'the end';
  return survival === 'killed' ? `killed at ${where}` : `cut at ${where} (${showSurvival(survival)} left)`;
}
