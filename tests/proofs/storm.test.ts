import t, { type Test } from 'tap';
import { makeBranches } from '../support/quick-stage/branches.ts';
import { buildQuickStage } from '../support/quick-stage/build.ts';
import { enrol } from '../support/quick-stage/enrol.ts';
import { makeQuickSite } from '../support/quick-stage/site.ts';
import { makeRandom } from '../support/storm/random.ts';
import { storm } from '../support/storm/storm.ts';

const isFull = process.env.CCCI_SCALE === 'full';
const count = isFull ? 1_000 : 60;
const kills = isFull ? 60 : 8;
const restMs = isFull ? 600_000 : 120_000;
/** Another one each time; `STORM_SEED` plays the same storm again. */
const seed = Number(process.env.STORM_SEED ?? Date.now() % 1_000_000);

t.test(
  `L02 L03 L08 ${count} comments on ${count} pull requests, programs killed: ${count} runs`,
  async (t) => {
    const site = await makeStormSite(t);
    const units = [['ccci-poll --interval-ms 200', 'ccci-dedupe', 'ccci-stage --slots 2', 'ccci-report']];
    const end = await storm({ site, random: makeRandom(seed), units, kills, restMs });
    t.comment(
      `storm, STORM_SEED=${seed}: ${count} comments, ${end.runs} runs, ${end.killed} kills, ${end.restarts} restarts, ${site.forge.requests.length} requests`,
    );
    t.same(end.failures, [], 'no program ended by itself');
    t.same(end.lost, [], 'nothing is lost');
    t.same(end.doubled, [], 'nothing is done twice');
    t.equal(end.runs, count, 'as many runs as comments');
  },
);

async function makeStormSite(t: Test) {
  const dir = t.testdir();
  const bin = await buildQuickStage(`${dir}/quick`);
  const branches = makeBranches(`${dir}/apps.git`, count);
  const shared = { bin, branches, repositories: Math.ceil(count / 20) };
  const state = await enrol({ ...shared, dir: `${dir}/enrolled` });
  const site = await makeQuickSite({ ...shared, dir: `${dir}/site`, state });
  t.teardown(site.close);
  return site;
}
