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
  /** Chooses among all places of all programs. */
  readonly choose: (places: readonly Place[]) => readonly Strike[];
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
  { name, said, round, choose, least }: CrashProof,
): Promise<void> {
  const dir = test.testdir();
  const stage = await setStage({ dir, bin: await buildQuickStage(`${dir}/quick`), said, round });
  const only = process.env.CRASH_POINT;
  if (only !== undefined) return await proveOne(test, stage, only);
  const { places, wrong } = await survey(stage);
  test.same(wrong, { lost: [], doubled: [] }, 'undisturbed, everything comes to its end');
  const strikes = choose(places);
  const total = { points: 0, lost: 0, doubled: 0, restarts: 0 };
  const queue = [...strikes];
  const worker = async () => {
    for (let strike = queue.shift(); strike !== undefined; strike = queue.shift()) {
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

/** Up to `count` of them, evenly spread. */
export function spread<One>(all: readonly One[], count: number): One[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)]!);
}

/** All telling places, and of the others so many, evenly spread, that there are `count`. */
export function tellingFirst(places: readonly Place[], count: number): Place[] {
  const telling = places.filter((place) => place.telling);
  const others = places.filter((place) => !place.telling);
  return [...telling, ...spread(others, Math.max(0, count - telling.length))];
}
