import { readOwner } from '@ccci/lib/state/layout.ts';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { listLeft } from '@ccci/lib/swarm/left.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { resultsOf } from '../support/stage-kills.ts';
import { byHand, checkOut, makeHome, startStage } from '../tools/stage/home.ts';
import { is } from '../tools/stage/start.ts';

await enterBox(import.meta.url);

const isFull = process.env.CCCI_SCALE === 'full';

const home = makeHome(t.testdir());
const good = await checkOut(home, 'good', { as: 'often' });

t.test('good runs, several at a time: no red, no leftovers', async (t) => {
  const count = isFull ? 50 : 4;
  const input = Array.from({ length: count }, () => byHand(good, isFull ? {} : { quick: true }));
  const { exit, records, stderr } = await startStage(home, input, {
    args: ['--slots', '3'],
    limitMs: 800_000,
  }).ended;
  t.equal(exit, 0, stderr);
  const finished = records.filter(is('run.finished'));
  t.equal(finished.length, count);
  for (const { run } of finished) {
    t.match(resultsOf(home, String(run)), { verdict: 'green', flags: { clean_teardown: true } }, String(run));
  }
  const engine = connectEngine(process.env.DOCKER_HOST);
  t.same(await listLeft(engine, { owner: await readOwner(home.state) }), []);
});
