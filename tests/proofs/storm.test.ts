import t, { type Test } from 'tap';
import { makeBranches } from '../support/quick-stage/branches.ts';
import { buildQuickStage } from '../support/quick-stage/build.ts';
import { enrol } from '../support/quick-stage/enrol.ts';
import { makeQuickSite } from '../support/quick-stage/site.ts';
import { hookUnit, manyUnits, oneUnit } from '../support/quick-stage/units.ts';
import { makeRandom } from '../support/storm/random.ts';
import { type StormOptions, storm } from '../support/storm/storm.ts';

const isFull = process.env.CCCI_SCALE === 'full';
/** Another one each time; `STORM_SEED` plays the same storm again. */
const seed = Number(process.env.STORM_SEED ?? Date.now() % 1_000_000);
const restMs = isFull ? 600_000 : 120_000;

t.test('L02 L03 L08 poll and hook at once, each comment delivered twice, programs killed', async (t) => {
  const count = isFull ? 1_000 : 60;
  const site = await makeStormSite(t, count);
  await expectRuns(t, { site, units: [...manyUnits, hookUnit], kills: isFull ? 60 : 10 });
});

t.test('L02 L03 L08 all programs in one pipe, killed', async (t) => {
  const site = await makeStormSite(t, isFull ? 200 : 20);
  await expectRuns(t, { site, units: oneUnit, kills: isFull ? 20 : 4 });
});

async function expectRuns(t: Test, given: Pick<StormOptions, 'site' | 'units' | 'kills'>): Promise<void> {
  const { forge, pulls } = given.site;
  const end = await storm({ ...given, random: makeRandom(seed), restMs });
  t.comment(
    `storm, STORM_SEED=${seed}: ${pulls.length} comments, ${end.runs} runs, ${end.taken} deliveries taken, ` +
      `${end.killed} kills, ${end.restarts} restarts, ${forge.requests.length} requests`,
  );
  t.same(end.failures, [], 'no program ended by itself');
  t.same(end.lost, [], 'nothing is lost');
  t.same(end.doubled, [], 'nothing is done twice');
  t.equal(end.runs, pulls.length, 'as many runs as comments');
}

async function makeStormSite(t: Test, count: number) {
  const dir = t.testdir();
  const bin = await buildQuickStage(`${dir}/quick`);
  const branches = makeBranches(`${dir}/apps.git`, count);
  const shared = { bin, branches, repositories: Math.ceil(count / 20) };
  const state = await enrol({ ...shared, dir: `${dir}/enrolled` });
  const site = await makeQuickSite({ ...shared, dir: `${dir}/site`, state });
  t.teardown(site.close);
  return site;
}
