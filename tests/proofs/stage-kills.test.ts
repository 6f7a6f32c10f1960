import { setTimeout as sleep } from 'node:timers/promises';
import { readOwner } from '@ccci/lib/state/layout.ts';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { listLeft } from '@ccci/lib/swarm/left.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { expectCleared, keepRunning, killRun } from '../support/stage-kills.ts';
import { makeRandom } from '../support/storm/random.ts';
import { byHand, checkOut, makeHome, startStage } from '../tools/stage/home.ts';
import { is, type Started } from '../tools/stage/start.ts';

await enterBox(import.meta.url);

const isFull = process.env.CCCI_SCALE === 'full';
/** Another one each time; `KILLS_SEED` plays the same moments again. */
const seed = Number(process.env.KILLS_SEED ?? Date.now() % 1_000_000);
const random = makeRandom(seed);
const kills = isFull ? 30 : 2;

const home = makeHome(t.testdir());
const good = await checkOut(home, 'good', { as: 'kill' });

/** Each stage hit once, so that every kind of thing is there to be left. */
const stages = isFull
  ? (['checkout', 'pull', 'install', 'backup', 'restore', 'custom', 'upgrade', 'teardown'] as const)
  : (['install', 'upgrade'] as const);

t.test(
  `L21 L23 killed at any moment, nothing is left, and neighbours end green (KILLS_SEED=${seed})`,
  async (t) => {
    const startedAt = performance.now();
    const { records } = await startStage(home, [byHand(good)]).ended;
    const runMs = performance.now() - startedAt;
    t.equal(records.find(is('run.finished'))?.verdict, 'green', 'undisturbed');
    const neighbour = keepRunning(home, good);
    const moments = [
      ...stages.map((stage) => (run: Started) => run.until(is('stage.started', stage), `${stage} begins`)),
      // The moment is what is random here; nothing is waited for.
      ...Array.from({ length: kills }, () => random.below(Math.ceil(runMs))).map((ms) => () => sleep(ms)),
    ];
    let hit = 0;
    for (const isTime of moments) {
      const victim = await killRun(home, good, isTime);
      if (victim === null) continue;
      hit += 1;
      t.comment(`killed at ${victim.at}`);
      await expectCleared(t, home, victim);
    }
    const results = await neighbour.stop();
    t.ok(hit >= stages.length, `${hit} runs were killed`);
    t.comment(`${hit} kills, ${results.length} neighbours`);
    for (const { run_id, verdict, reason, flags } of results) {
      t.equal(verdict, 'green', `neighbour ${run_id}: ${reason}`);
      t.equal(flags.clean_teardown, true);
    }
    const engine = connectEngine(process.env.DOCKER_HOST);
    t.same(
      await listLeft(engine, { owner: await readOwner(home.state) }),
      [],
      'nothing of ours is left at all',
    );
  },
);
