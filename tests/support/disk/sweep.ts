import { makeDisk, type SimulatedDisk } from './disk.ts';
import { type Survival, showSurvival } from './survive.ts';

/**
 * A story that is told again and again, ended each time by another power cut.
 * `World` is what the forge, people and other programs know; plain data, it survives every cut.
 */
export type Scene<World> = {
  readonly name: string;
  /** A folder that is there before the first life. */
  readonly home: string;
  readonly world: () => World;
  /** What an earlier life left, some of it perhaps in the page cache only: it was killed. */
  readonly begin?: (disk: SimulatedDisk) => Promise<void>;
  /** One life of the programs, from their start; the world takes note of what was said and done. */
  readonly live: (disk: SimulatedDisk, world: World) => Promise<void>;
  /** What is wrong with what is left; may let the programs live on, to see what they make of it. */
  readonly judge: (disk: SimulatedDisk, world: World) => Promise<readonly string[]>;
  /** Whether programs are also killed, so that the next one finds in the page cache what nobody has synced. */
  readonly isKilled: boolean;
};

export type SweepOptions = {
  /** How many random survivals are tried beside the systematic ones. */
  readonly seeds: number;
  /** After so many survivals of each cut, and after a kill, there is a second life before the verdict; 0 for none. */
  readonly seconds: number;
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
  /** The syncs that were asked for in any life, as `Operation.site`. */
  readonly sites: ReadonlySet<string>;
};

/** `at` is the last operation of a life, `Infinity` when it came to its end. */
type Cut = { readonly at: number; readonly survival: Survival | 'killed' };

type Telling<World> = {
  readonly scene: Scene<World>;
  readonly options: SweepOptions;
  readonly sites: Set<string>;
};

type Moment<World> = { readonly disk: SimulatedDisk; readonly world: World };

/**
 * Tells a scene with a cut at every operation: the power is cut in the first life, and again in the second, which has
 * to mend what the first one left; or the first life is killed, so that the second believes what nobody has synced,
 * and then the power is cut.
 */
export async function sweep<World>(scene: Scene<World>, options: SweepOptions): Promise<Swept> {
  const telling = { scene, options, sites: new Set<string>() };
  const wrong: string[] = [];
  let points = 0;
  for await (const problems of firstLives(telling)) {
    points += 1;
    wrong.push(...problems);
    if (options.isBrief && wrong.length > 0) break;
  }
  return { points, wrong, sites: telling.sites };
}

async function* firstLives<World>(telling: Telling<World>): AsyncGenerator<readonly string[]> {
  const { scene, options } = telling;
  const start = await firstNews(telling);
  if (start === null) return;
  for (let at = start, isWhole = false; !isWhole; at += 1) {
    const first = { disk: await beginning(telling), world: scene.world() };
    const ending = await liveUntil(telling, first, at);
    isWhole = ending !== 'cut';
    const last = isWhole ? Number.POSITIVE_INFINITY : at;
    if (ending !== 'cut' && ending !== 'whole') yield [`operation ${at}: ${ending}`];
    const all = first.disk.survivals(options.seeds);
    for (const survival of all) {
      const problems = await judged(telling, first, survival);
      yield problems.map((problem) => `${showCut({ at: last, survival })}: ${problem}`);
    }
    for (const survival of begunAgain(telling, all, at)) {
      yield* secondLives(telling, first, { at: last, survival });
    }
  }
}

/**
 * The first operation at whose cut something is to be seen: as long as nothing was left out, and nobody lives on to
 * leave it out, all is as it was with everything in place. Null where there is nothing.
 */
async function firstNews<World>(telling: Telling<World>): Promise<number | null> {
  const { without, seconds } = telling.options;
  if (without === undefined || seconds > 0) return 1;
  const disk = await beginning(telling);
  await liveUntil(telling, { disk, world: telling.scene.world() }, Number.POSITIVE_INFINITY);
  const index = disk.operations.findIndex(({ site }) => site === without);
  return index === -1 ? null : index + 1;
}

/** After what there is a second life: a kill, and some survivals, other ones for each cut. */
function begunAgain<World>(
  { scene, options: { seconds } }: Telling<World>,
  all: readonly Survival[],
  at: number,
): readonly (Survival | 'killed')[] {
  if (seconds === 0) return [];
  const count = Math.min(seconds, all.length);
  const some = Array.from({ length: count }, (_, index) => all[(at + index) % all.length] ?? 'nothing');
  return scene.isKilled ? ['killed', ...some] : some;
}

/** The second life to its end, and cut at some operations, other ones for each first cut. */
async function* secondLives<World>(
  telling: Telling<World>,
  first: Moment<World>,
  cut: Cut,
): AsyncGenerator<readonly string[]> {
  const { seeds, stride } = telling.options;
  const offset = Number.isFinite(cut.at) ? cut.at : 0;
  const start = stride === 0 ? Number.POSITIVE_INFINITY : 1 + (offset % stride);
  for (let at = start, isWhole = false; !isWhole; at += stride) {
    const disk = cut.survival === 'killed' ? first.disk.restart() : first.disk.survive(cut.survival);
    const second = { disk, world: structuredClone(first.world) };
    const ending = await liveUntil(telling, second, at);
    isWhole = ending !== 'cut';
    if (ending !== 'cut' && ending !== 'whole') yield [`${showCut(cut)}: does not start: ${ending}`];
    const last = isWhole ? Number.POSITIVE_INFINITY : at;
    for (const survival of cut.survival === 'killed' ? disk.survivals(seeds) : few(at)) {
      const problems = await judged(telling, second, survival);
      yield problems.map((problem) => `${showCut(cut)}, ${showCut({ at: last, survival })}: ${problem}`);
    }
  }
}

/** After a first power cut, the second one need not leave everything that can be left. */
function few(seed: number): readonly Survival[] {
  return ['nothing', { seed }];
}

async function beginning<World>({ scene, options, sites }: Telling<World>): Promise<SimulatedDisk> {
  const disk = makeDisk({ home: scene.home });
  await scene.begin?.(disk);
  return disk.restart({
    without: ({ site = '' }) => {
      if (site !== '') sites.add(site);
      return site !== '' && site === options.without;
    },
  });
}

/** Where nothing is taken out, nobody asks for sites while it is judged: they cost more than all the rest. */
async function judged<World>(
  { scene, options }: Telling<World>,
  { disk, world }: Moment<World>,
  survival: Survival,
): Promise<readonly string[]> {
  try {
    const left = disk.survive(survival);
    const judged = options.without === undefined ? left.restart({}) : left;
    return await scene.judge(judged, structuredClone(world));
  } catch (error) {
    return [`does not start: ${(error as Error).message}`];
  }
}

async function liveUntil<World>(
  { scene }: Telling<World>,
  { disk, world }: Moment<World>,
  at: number,
): Promise<'whole' | 'cut' | (string & {})> {
  disk.cutAfter(at);
  try {
    await scene.live(disk, world);
  } catch (error) {
    if (!disk.isCut()) return (error as Error).message;
  }
  return disk.isCut() ? 'cut' : 'whole';
}

function showCut({ at, survival }: Cut): string {
  const where = Number.isFinite(at) ? `operation ${at}` : 'the end';
  return survival === 'killed' ? `killed at ${where}` : `cut at ${where} (${showSurvival(survival)} left)`;
}
