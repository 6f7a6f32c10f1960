import type { Test } from 'tap';
import { buildQuickStage } from '../quick-stage/build.ts';
import type { Round } from './pipe.ts';
import type { Said } from './scenes.ts';
import { nameOf, parseStrike, type Strike } from './strike.ts';
import type { Place } from './survey.ts';
import { type Point, type Stage, setStage, strikeOnce, survey } from './sweep.ts';

export type CrashProof = {
  readonly name: string;
  readonly said: readonly Said[];
  readonly round: Round;
  /** The places that are to be tried, of all places of all programs, the most wanted first. */
  readonly choose: (places: readonly Place[]) => readonly Strike[];
  /** After so many kills no further place is tried; a program may live a little shorter than the surveyed one. */
  readonly enough: number;
  /** How many kills there must be at least. */
  readonly least: number;
};

/** Two cores are what a small machine has. */
const atOnce = 2;

/**
 * Kills a program at each chosen place, restarts, and expects that nothing is lost and nothing done twice. With
 * `CRASH_POINT` (the name of a point that failed) only that one is tried, and what the programs said is shown.
 */
export async function proveCrashes(
  test: Test,
  { name, said, round, choose, enough, least }: CrashProof,
): Promise<void> {
  const dir = test.testdir();
  const stage = await setStage({ dir, bin: await buildQuickStage(`${dir}/quick`), said, round });
  const only = process.env.CRASH_POINT;
  if (only !== undefined) return await proveOne(test, stage, only);
  const { places, wrong } = await survey(stage);
  test.same(wrong, { lost: [], doubled: [] }, 'undisturbed, everything comes to its end');
  const total = { points: 0, lost: 0, doubled: 0, restarts: 0 };
  const queue = [...choose(places)];
  const next = () => (total.points < enough ? queue.shift() : undefined);
  const worker = async () => {
    for (let strike = next(); strike !== undefined; strike = next()) {
      const point = await strikeOnce(stage, strike);
      if (!point.struck) continue;
      total.points += 1;
      total.lost += point.lost.length;
      total.doubled += point.doubled.length;
      total.restarts += point.restarts;
      if (point.lost.length + point.doubled.length > 0) complain(test, nameOf(name, strike), point);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  test.comment(
    `${name}: ${total.points} points, lost: ${total.lost}, doubled: ${total.doubled}, restarts: ${total.restarts}`,
  );
  test.equal(total.lost, 0, 'nothing is lost');
  test.equal(total.doubled, 0, 'nothing is done twice');
  test.ok(total.points >= least, `${total.points} kills struck, at least ${least}`);
}

async function proveOne(test: Test, stage: Stage, name: string): Promise<void> {
  const point = await strikeOnce(stage, parseStrike(name).strike);
  test.comment(point.stderr);
  test.ok(point.struck, 'the kill struck');
  test.same({ lost: point.lost, doubled: point.doubled }, { lost: [], doubled: [] }, name);
}

function complain(test: Test, name: string, { lost, doubled, stderr }: Point): void {
  test.fail(name, {
    lost,
    doubled,
    again: `CRASH_POINT='${name}' node THIS FILE`,
    stderr: stderr.slice(-4_000),
  });
}

/** All of them, the first `count` evenly spread. */
export function spread<One>(all: readonly One[], count: number): One[] {
  const picked = new Set(all.map((_, index) => Math.floor((index * all.length) / count)).slice(0, count));
  return [...all.filter((_, index) => picked.has(index)), ...all.filter((_, index) => !picked.has(index))];
}

/** All telling places, then the others, so spread that with `count` in all they reach from end to end. */
export function tellingFirst(places: readonly Place[], count: number): Place[] {
  const telling = places.filter((place) => place.telling);
  const others = places.filter((place) => !place.telling);
  return [...telling, ...spread(others, Math.max(1, count - telling.length))];
}
