import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Asked, lookAtRest, type Wrong } from '../quick-stage/at-rest.ts';
import { type Branches, makeBranches } from '../quick-stage/branches.ts';
import { enrol } from '../quick-stage/enrol.ts';
import { makeQuickSite, type QuickSite } from '../quick-stage/site.ts';
import { hook, runHook } from './hook.ts';
import { type Ended, type Round, runPipe } from './pipe.ts';
import { pullsOf, type Said, say } from './scenes.ts';
import { type Strike, struck, traced } from './strike.ts';
import { type Place, placesOf } from './survey.ts';

/** A scene that is to be played again and again, and what its sites begin with. */
export type Stage = {
  readonly dir: string;
  readonly bin: string;
  readonly said: readonly Said[];
  readonly round: Round;
  readonly branches: Branches;
  readonly state: string;
};

/** What came of one kill: `struck` is false when the program ended by itself before. */
export type Point = Wrong & { readonly struck: boolean; readonly restarts: number; readonly stderr: string };

/** How often a service would be started again. */
const mostRestarts = 3;
const killed = 137;

/** Sets a scene: pull requests, and a state that was enrolled a little while ago. */
export async function setStage(given: Pick<Stage, 'dir' | 'bin' | 'said' | 'round'>): Promise<Stage> {
  const { dir, bin, said } = given;
  const branches = makeBranches(join(dir, 'apps.git'), pullsOf(said));
  const state = await enrol({ dir: join(dir, 'enrolled'), branches, bin });
  return { ...given, branches, state };
}

/** Lets everything run undisturbed, and gives the places where it can be struck. */
export async function survey(stage: Stage): Promise<{ readonly places: Place[]; readonly wrong: Wrong }> {
  return withSite(stage, 'survey', async (site) => {
    const asked = say(site, stage.said);
    const log = (command: string) => join(site.dir, `${programOf(command)}.strace`);
    await play(site, { round: stage.round, asked }, (command) => traced(command, log(command)));
    const places = stage.round.flat().flatMap((command) => placesOf(programOf(command), log(command)));
    return { places, wrong: lookAtRest(site, asked) };
  });
}

/** Kills one program at one place, starts all again until nothing is left to do, and looks at what there is. */
export async function strikeOnce(stage: Stage, strike: Strike): Promise<Point> {
  const name = `${strike.program}-${strike.threads}-${strike.call}-${strike.nth}`;
  return withSite(stage, name, async (site) => {
    const asked = say(site, stage.said);
    const first = await play(site, { round: stage.round, asked }, (command) =>
      programOf(command) === strike.program ? struck(command, strike) : command,
    );
    let stderr = first.stderr;
    let wrong = lookAtRest(site, asked);
    let restarts = 0;
    do {
      const again = await play(site, { round: stage.round, asked });
      restarts += 1;
      stderr += again.stderr;
      wrong = lookAtRest(site, asked);
    } while (wrong.lost.length > 0 && restarts < mostRestarts);
    return { ...wrong, struck: first.statuses.includes(killed), restarts, stderr };
  });
}

type Played = { readonly round: Round; readonly asked: readonly Asked[] };

/** Plays a round, with each command as `change` makes it. */
async function play(
  site: QuickSite,
  { round, asked }: Played,
  change = (command: string) => command,
): Promise<Ended> {
  const ends: Ended[] = [];
  for (const pipe of round) {
    const isHook = pipe[0] === hook;
    ends.push(await (isHook ? runHook(site, asked, change) : runPipe(site, pipe.map(change))));
  }
  return {
    statuses: ends.flatMap(({ statuses }) => statuses),
    stderr: ends.map(({ stderr }) => stderr).join(''),
  };
}

function programOf(command: string): string {
  return command.split(' ')[0]!;
}

async function withSite<Value>(
  { dir, bin, branches, state }: Stage,
  name: string,
  work: (site: QuickSite) => Promise<Value>,
): Promise<Value> {
  const site = await makeQuickSite({ dir: join(dir, name), bin, branches, state });
  try {
    return await work(site);
  } finally {
    await site.close();
    await rm(site.dir, { recursive: true, force: true });
  }
}
