import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Results } from '@ccci/lib/records/results.ts';
import t, { type Test } from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { leftOnEngine, nothing } from '../support/journey/left.ts';
import { byHand, checkOut, makeHome, startStage } from '../tools/stage/home.ts';
import { is, start } from '../tools/stage/start.ts';

await enterBox(import.meta.url);

const stages = ['install', 'backup', 'restore', 'custom', 'upgrade'] as const;
type Point = { readonly stage: (typeof stages)[number]; readonly signal: 'SIGINT' | 'SIGTERM' };

/** Each stage once for Ctrl-C and once for SIGTERM, or where most is at stake. */
const points: readonly Point[] =
  process.env.CCCI_SCALE === 'full'
    ? stages.flatMap((stage) => [{ stage, signal: 'SIGINT' } as const, { stage, signal: 'SIGTERM' } as const])
    : [
        { stage: 'install', signal: 'SIGINT' },
        { stage: 'restore', signal: 'SIGTERM' },
      ];
const exitOf = { SIGINT: 130, SIGTERM: 143 } as const;

const home = makeHome(t.testdir());
const good = await checkOut(home, 'good', { as: 'hand' });

for (const { stage, signal } of points) {
  t.test(`${signal} in ${stage}: everything is removed, and the verdict is cancelled`, async (t) => {
    const run = startStage(home, [byHand(good)]);
    await run.until(is('stage.started', stage), `${stage} begins`);
    run.signal(signal);
    const { exit, records, stderr } = await run.ended;
    t.equal(exit, exitOf[signal], stderr);
    t.notMatch(stderr, /this is a bug/);
    const finished = records.find(is('run.finished'));
    t.match(finished, { verdict: 'cancelled', reason: new RegExp(`ended by .*${signal}`) });
    t.match(
      records.findLast((record) => record.type === 'stage.finished' && record.stage === stage),
      { status: 'unver', summary: 'ended before it was through' },
      'never a failure',
    );
    t.notOk(
      records.some((record) => record.type === 'stage.finished' && record.status === 'fail'),
      'nothing of the recipe failed',
    );
    await expectNothingLeft(t, String(finished?.run), 'cancelled');
  });
}

t.test('a stop while git waits for a repository', async (t) => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.teardown(() => silent.close());
  const { port } = silent.address() as { port: number };
  const config = join(home.dir, 'silent.json');
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(config, JSON.stringify({ forges: { gitea: { url } } }));
  const asked = once(silent, 'connection');
  const input = [{ ...byHand(good), key: 'hand-20261123t101500-0009', repo: `${url}/recipes/good.git` }];
  const run = startStage(home, input, { args: ['--config', config] });
  const [socket] = await asked;
  run.signal('SIGINT');
  const { exit, records, stderr } = await run.ended;
  socket.destroy();
  t.equal(exit, 130, stderr);
  t.notMatch(stderr, /this is a bug/);
  t.match(records.find(is('run.finished')), { verdict: 'cancelled' });
  await expectNothingLeft(t, 'hand-20261123t101500-0009', 'cancelled');
});

t.test('a trigger by hand that waits for its turn is dropped, and said', async (t) => {
  const run = startStage(home, [byHand(good), byHand(good)]);
  await run.until(is('stage.started', 'pull'), 'the first one is at work');
  run.signal('SIGINT');
  const { exit, records } = await run.ended;
  t.equal(exit, 130);
  t.match(
    records.filter(is('run.finished')).map(({ verdict }) => verdict),
    ['cancelled'],
  );
  const [, second] = records.filter(is('trigger'));
  t.match(records.filter(is('drop')), [{ key: second?.key, reason: 'cancelled', detail: /SIGINT/ }]);
  t.same(leftOnEngine('hand'), nothing);
});

for (const reader of ['head -n 3', `grep -m 1 '"stage.started".*"install"'`]) {
  t.test(`the reader leaves a run that nobody queued (${reader}): torn down, status 0`, async (t) => {
    const before = new Set(readdirSync(home.runs));
    const line = `ccci-stage --recipe ${good.dir} | ${reader}; echo "\${PIPESTATUS[0]}"`;
    const { records, stderr } = await start(['bash', '--norc', '-c', line], { cwd: home.dir, env: home.env })
      .ended;
    t.equal(records.at(-1), 0, `the exit status of ccci-stage: ${stderr}`);
    t.match(stderr, /interrupted/);
    const [run] = readdirSync(home.runs).filter((name) => !before.has(name));
    await expectNothingLeft(t, String(run), 'interrupted');
  });
}

async function expectNothingLeft(t: Test, run: string, verdict: Results['verdict']): Promise<void> {
  const path = join(home.runs, run, 'results.json');
  const results = JSON.parse(readFileSync(path, 'utf8')) as Results;
  t.equal(results.verdict, verdict, 'results.json says so too');
  t.equal(results.flags.clean_teardown, true);
  t.notOk(existsSync(join(home.runs, run, 'work')), 'checkout, secrets and snapshots are gone');
  t.same(leftOnEngine('hand'), nothing, 'nothing is left on the engine');
}
