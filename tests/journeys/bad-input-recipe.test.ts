import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResultStage, Results } from '@ccci/lib/records/results.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { leftOnEngine, nothing } from '../support/journey/left.ts';
import { byHand, checkOut, type Home, makeHome, startStage, writeSettings } from '../tools/stage/home.ts';
import { pathWithout } from '../tools/stage/path-without.ts';

await enterBox(import.meta.url);

t.test('recipes and settings that cannot be used, one after the other', async (t) => {
  const home = makeHome(t.testdir());
  const misspelt = await checkOut(home, 'good', { as: 'misspelt' });
  writeSettings(home, 'misspelt', 'helth:\n  path: /\n');
  const unrendered = await checkOut(home, 'good', {
    as: 'unrendered',
    change: (compose) => compose.replace('    init: true', '    inti: true'),
  });
  const hostile = await checkOut(home, 'mounts-host');
  const slow = await checkOut(home, 'good', { as: 'slow' });
  writeSettings(home, 'slow', 'health:\n  path: /nowhere\ntimeouts:\n  run: 20\n  http: 120\n');
  const input = [misspelt, unrendered, hostile, slow].map((checkout) => byHand(checkout));
  const { exit, records, stderr } = await startStage(home, input).ended;
  t.equal(exit, 65, 'settings that are wrong are bad input');
  t.notMatch(stderr, /this is a bug/);

  const settings = resultsOf(home, records, 'misspelt');
  t.equal(settings.verdict, 'incomplete', 'settings of ours are not the recipe’s fault');
  t.match(stage(settings, 'checkout'), { status: 'unver', summary: /recipe\.yml.*helth.*health/ });
  const error = records.find((record) => record.type === 'error');
  t.match(error, { key: settings.run_id, message: /recipe\.yml.*helth.*did you mean health/ });
  t.match(stderr, /recipe\.yml.*helth/);

  const rendered = resultsOf(home, records, 'unrendered');
  t.equal(rendered.verdict, 'red');
  t.match(stage(rendered, 'policy'), { status: 'fail', cause: 'recipe', summary: /inti/ });
  t.equal(stage(rendered, 'install'), undefined, 'nothing is deployed');

  const refused = resultsOf(home, records, 'mounts-host');
  t.equal(refused.verdict, 'incomplete', 'a refusal is nobody’s failure');
  t.match(stage(refused, 'policy'), {
    status: 'fail',
    cause: 'policy',
    summary: /docker\.sock.*the operator can permit it in recipe\.yml: allow/s,
  });
  t.match(stage(refused, 'policy')?.summary, /\/etc/, 'both mounts are named');
  t.equal(stage(refused, 'install'), undefined, 'nothing is deployed');
  t.match(stage(refused, 'lint')?.status, /pass|fail/, 'lint ran nevertheless');
  t.notOk(
    records.some(
      (record) => record.type === 'stage.started' && record.stage === 'pull' && record.key === refused.run_id,
    ),
  );

  const late = resultsOf(home, records, 'slow');
  t.equal(late.verdict, 'red');
  t.match(stage(late, 'install'), {
    status: 'fail',
    cause: 'recipe',
    summary: 'the run took longer than 20 s',
  });
  t.match(stage(late, 'teardown'), { status: 'pass' }, 'torn down all the same');
  t.equal(stage(late, 'backup'), undefined, 'nothing follows');
  t.same(leftOnEngine('slow'), nothing);
  t.same(leftOnEngine('host'), nothing);
  t.same(leftOnEngine('moun'), nothing);
});

t.test('without restic and bubblewrap: said what to install, never passed', async (t) => {
  const home = makeHome(t.testdir());
  const good = await checkOut(home, 'good', { as: 'bare' });
  const env = { PATH: pathWithout(home.dir, home.env.PATH ?? '', ['restic', 'bwrap']) };
  const run = startStage(home, [byHand(good, { stages: ['install', 'backup', 'restore', 'custom'] })], {
    env,
  });
  const { exit, records, stderr } = await run.ended;
  const results = resultsOf(home, records, 'bare');
  t.equal(exit, 0, stderr);
  t.equal(results.verdict, 'incomplete');
  t.match(stage(results, 'install'), { status: 'pass' });
  t.match(stage(results, 'backup'), { status: 'unver', summary: /install restic/ });
  t.match(stage(results, 'restore'), { status: 'unver' });
  t.match(stage(results, 'custom'), { status: 'unver', summary: /install bubblewrap/ });
  t.match(results.environment, { restic: null, bubblewrap: null });
  t.same(leftOnEngine('bare'), nothing);
});

function resultsOf(home: Home, records: readonly AnyRecord[], recipe: string): Results {
  const started = records.find((record) => record.type === 'run.started' && record.recipe === recipe);
  return JSON.parse(readFileSync(join(home.runs, String(started?.run), 'results.json'), 'utf8')) as Results;
}

function stage(results: Results, name: string): ResultStage | undefined {
  return results.stages.find((row) => row.name === name);
}
