import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Asked, lookAtRest, type Wrong } from '../quick-stage/at-rest.ts';
import { deliverTo } from '../quick-stage/deliver.ts';
import { bot, members, organisation, type QuickSite, type SitePull } from '../quick-stage/site.ts';
import { startUnits, type Unit, type Units } from '../quick-stage/units.ts';
import type { Random } from './random.ts';

export type StormOptions = {
  readonly site: QuickSite;
  readonly random: Random;
  readonly units: readonly Unit[];
  /** How many programs are killed while comments come. */
  readonly kills: number;
  /** How long everything may take once the last comment is written. */
  readonly restMs: number;
};

export type Comment = { readonly pull: SitePull; readonly id: number };

export type StormEnd = Wrong & {
  /** Runs that came to a verdict. */
  readonly runs: number;
  /** Webhooks that were answered with 200. */
  readonly taken: number;
  readonly killed: number;
  readonly restarts: number;
  readonly failures: readonly string[];
};

const deliveriesOfEach = 2;

/**
 * One comment on each pull request, in any order, while all programs run and are killed at moments that only the seed
 * knows; in bursts, because time passes by the requests that the forge is asked. Ends when the forge says of each that
 * it passed, and looks at everything then.
 */
export async function storm(options: StormOptions): Promise<StormEnd> {
  const { site, random, kills, restMs } = options;
  const units = startUnits(site, options.units);
  const programs = options.units.flat().map((command) => command.split(' ')[0]!);
  try {
    const bursts = cut(random.shuffled(site.pulls), random);
    const strikes = new Set(random.shuffled(bursts.map((_, index) => index)).slice(0, kills));
    const deliveries = makeDeliveries(options, units);
    const asked: Asked[] = [];
    let killed = 0;
    for (const [index, burst] of bursts.entries()) {
      for (const pull of burst) {
        const comment = write(pull, options);
        asked.push({ ...comment, becomes: 'run' });
        if (programs.includes('ccci-hook')) deliveries.add(comment);
      }
      await requestsLater(site, 1 + random.below(40), units);
      deliveries.some();
      if (strikes.has(index) && units.kill(random.pick(programs))) killed += 1;
    }
    await deliveries.all();
    await allPassed(site, restMs, units);
    await units.stop();
    return {
      ...lookAtRest(site, asked),
      runs: countRuns(site),
      taken: deliveries.taken(),
      killed,
      restarts: units.restarts(),
      failures: units.failures,
    };
  } finally {
    await units.stop();
  }
}

function write(pull: SitePull, { site, random }: StormOptions): Comment {
  const author = random.pick(members);
  const { id } = site.forge.comment(organisation, pull.name, pull.number, author, '!testme');
  return { pull, id };
}

function cut(pulls: readonly SitePull[], random: Random): SitePull[][] {
  const left = [...pulls];
  const bursts: SitePull[][] = [];
  while (left.length > 0) bursts.push(left.splice(0, 1 + random.below(6)));
  return bursts;
}

/** Every comment twice, some of them at each burst, the later ones whenever. */
function makeDeliveries({ site, random }: StormOptions, units: Units) {
  const waiting: Comment[] = [];
  const begun: Promise<void>[] = [];
  let taken = 0;
  const deliver = async ({ id }: Comment) => {
    if (await deliverTo(site, units.said('ccci-hook'), id)) taken += 1;
  };
  const start = (count: number) => {
    for (let left = count; left > 0 && waiting.length > 0; left -= 1) {
      const [comment] = waiting.splice(random.below(waiting.length), 1);
      if (comment !== undefined) begun.push(deliver(comment));
    }
  };
  return {
    add: (comment: Comment) => waiting.push(...Array.from({ length: deliveriesOfEach }, () => comment)),
    taken: () => taken,
    some: () => start(random.below(10)),
    all: async () => {
      while (waiting.length > 0) {
        start(8);
        await Promise.all(begun.splice(0));
      }
      await Promise.all(begun);
    },
  };
}

async function requestsLater({ forge }: QuickSite, count: number, units: Units): Promise<void> {
  const until = forge.requests.length + count;
  const what = `${count} more requests`;
  await forge.waitFor(() => forge.requests.length >= until || isBroken(units), { what, timeoutMs: 60_000 });
}

/** Looks at each pull request until it has passed, then never again: a thousand of them change often. */
async function allPassed(site: QuickSite, timeoutMs: number, units: Units): Promise<void> {
  const { forge, pulls } = site;
  let passed = 0;
  const look = () => {
    while (passed < pulls.length && hasPassed(pulls[passed]!, site)) passed += 1;
    return passed === pulls.length || isBroken(units);
  };
  await forge
    .waitFor(look, { what: `the verdicts of ${pulls.length} pull requests`, timeoutMs })
    .catch(() => {
      // What is missing then is told by its name.
    });
}

function hasPassed({ name, number, head }: SitePull, { forge }: QuickSite): boolean {
  const isGreen = forge.statuses(organisation, name, head).at(-1)?.state === 'success';
  if (!isGreen) return false;
  return forge.comments(organisation, name, number).filter(({ user }) => user === bot).length === 1;
}

function isBroken({ failures }: Units): boolean {
  return failures.length > 0;
}

function countRuns({ runs }: QuickSite): number {
  return readdirSync(runs).filter((id) => readdirSync(join(runs, id)).includes('results.json')).length;
}
