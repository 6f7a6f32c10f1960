import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { listQueue } from '@ccci/lib/state/queue.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { leftOnEngine, nothing } from '../support/journey/left.ts';
import { makeSite } from '../support/journey/site.ts';
import { byHand, checkOut, enqueue, fromForge, makeHome, startStage } from '../tools/stage/home.ts';

await enterBox(import.meta.url);

const gone = 'deadbeef'.repeat(5);

t.test('whatever is wrong in the input, all else in it is worked on', async (t) => {
  const site = await makeSite({ dir: join(t.testdir(), 'site'), recipes: ['good'] });
  t.teardown(site.close);
  const home = { ...makeHome(site.dir), env: { ...makeHome(site.dir).env, ...site.env } };
  const good = await checkOut(home, 'good', { as: 'fine' });
  const plain = join(home.dir, 'plain');
  mkdirSync(plain);
  execFileSync('git', ['clone', '--quiet', '--bare', good.dir, join(home.dir, 'git', 'spare.git')]);
  const address = (name: string) => `${site.forge.url}/recipes/${name}.git`;
  const { head } = site.recipes[0] ?? { head: '' };
  const queued = await enqueue(home, [
    fromForge(101, { recipe: 'good', repo: address('good'), ref: gone }),
    fromForge(102, { recipe: 'nowhere', repo: address('nowhere') }),
    fromForge(103, { recipe: 'good', repo: address('good'), ref: head, options: { stages: ['lint'] } }),
  ]);
  const stage = startStage(home, [
    'hello',
    { type: 'trigger' },
    { type: 'trigger', key: 'hand-20261123t101500-0001', repo: './none' },
    { type: 'trigger', key: 'hand-20261123t101500-0002', repo: address('nowhere'), ref: 'main' },
    { type: 'trigger', key: 'hand-20261123t101500-0003', repo: './plain' },
    { ...byHand({ ...good, commit: gone }), key: 'hand-20261123t101500-0004' },
    ...queued,
    { type: 'weather', is: 'fine' },
    { ...byHand(good, { quick: true }), key: 'hand-20261123t101500-0005' },
  ]);
  const { exit, records, stderr } = await stage.ended;
  const of = (key: string, type: string) =>
    records.filter((record) => record.type === type && record.key === key);

  t.equal(exit, 65, 'some input was bad');
  const errors = records.filter((record) => record.type === 'error');
  t.match(errors[0], { message: /line 1 is not JSON/, hint: /one JSON object per line/, line: 'hello' });
  t.match(errors[1], { message: /the trigger has no repo/, hint: /write \{"type":"trigger"/ });
  t.match(of('hand-20261123t101500-0001', 'error'), [{ message: /none is not there/, hint: /checkout/ }]);
  t.match(of('hand-20261123t101500-0002', 'error'), [{ message: /nowhere.git/, hint: /check the address/ }]);
  t.match(of('hand-20261123t101500-0003', 'error'), [{ message: /plain is not a git/, hint: /git init/ }]);
  t.match(of('hand-20261123t101500-0004', 'drop'), [
    { reason: 'gone', detail: /commit is gone: deadbeefdead/ },
  ]);
  t.match(of('gitea-101', 'drop'), [
    { reason: 'gone', detail: /comment again|name a commit/, forge: 'gitea', name: 'good' },
  ]);
  t.match(of('gitea-102', 'run.finished'), [{ verdict: 'infra', reason: /nowhere.git is not there/ }]);
  t.match(
    of('gitea-103', 'run.finished'),
    [{ verdict: 'green', scope: 'partial' }],
    'what is behind it runs',
  );
  t.match(of('hand-20261123t101500-0005', 'run.finished'), [{ verdict: 'green', scope: 'partial' }]);
  t.match(
    of('hand-20261123t101500-0005', 'stage.finished').find((one) => one.stage === 'install'),
    { status: 'pass' },
    'with a real deployment',
  );
  t.ok(records.find((record) => record.type === 'weather'));
  for (const said of [
    /line 1 is not JSON.*\(one JSON/,
    /no repo \(write/,
    /none is not there \(name/,
    /gone/,
  ])
    t.match(stderr, said);
  t.notMatch(stderr, /this is a bug/);
  t.same(await listQueue(home.state, 'new'), [], 'nothing waits');
  t.same(await listQueue(home.state, 'cur'), []);
  t.equal((await listQueue(home.state, 'done')).length, 3, 'all that was queued is done');
  t.same(leftOnEngine('fine'), nothing, 'nothing is left on the engine');
});
