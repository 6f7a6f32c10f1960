import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readResults } from '@ccci/lib/runs/results.ts';
import { listClosedSlots } from '@ccci/lib/state/closed-slots.ts';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { listLeft } from '@ccci/lib/swarm/left.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { byHand, checkOut, makeHome, startStage, writeSettings } from '../tools/stage/home.ts';
import { type Ended, is, start } from '../tools/stage/start.ts';

const box = await enterBox(import.meta.url);

const home = makeHome(t.testdir());
const passing = `import test from 'node:test';
import assert from 'node:assert/strict';
test('the front page answers', async () => {
  assert.equal((await fetch(process.env.CCCI_URL)).status, 200);
  assert.match(process.env.CCCI_RUN, /attach/);
});
`;

t.test('keep, attach with a failing test, mend it, attach again, remove', async (t) => {
  const checkout = await checkOut(home, 'failing-test');
  const args = ['--keep', '--recipe', './failing-test', '--stages', 'custom'];
  const kept = await ccci('ccci-stage', ...args);
  t.equal(kept.exit, 0, kept.stderr);
  const run = runOf(kept);
  const results = await readResults(home.runs, run);
  t.match(results, { verdict: 'red', scope: 'partial', flags: { kept: true, clean_teardown: false } });
  t.match(results?.stages.at(-1), { name: 'teardown', status: 'skip', summary: /^kept: .* stays up/ });
  t.same(await listClosedSlots(home.state), [], 'a slot is not closed by what is left on purpose');
  for (const words of [/kept: run .* stays up/, /curl -H 'Host: fail-/, /--attach \S+ --stages custom/])
    t.match(kept.stderr, words);
  t.match(kept.stderr, new RegExp(`ccci-janitor --run ${run}`));
  t.equal(statSync(join(home.runs, run, 'work')).mode & 0o777, 0o700, 'its secrets are nobody else’s');
  const [, curl = ''] = /reach it: +(curl .*)/.exec(kept.stderr) ?? [];
  t.match(
    execFileSync('sh', ['-c', `${curl} --silent`], { encoding: 'utf8' }),
    /Hello/,
    'it is reached as it says',
  );
  const before = services();
  t.ok(before.length > 0);

  const look = await ccci('ccci-janitor');
  t.match(look, { exit: 0, records: [{ did: 'kept', run, why: /until .*ccci-janitor --run/ }] });
  t.same(services(), before, 'the janitor leaves it alone');

  const again = await startStage(home, [{ ...byHand(checkout), key: run }]).ended;
  t.match(again, { exit: 75, stderr: new RegExp(`run ${run} is kept: its deployment is still up`) });
  t.same(services(), before, 'nothing is deployed over it');

  const red = await attach(run);
  t.match(red.records.find(is('run.finished')), {
    run: `${run}.attach-1`,
    verdict: 'red',
    scope: 'partial',
    level: null,
    flags: { clean_teardown: true },
  });
  t.ok(red.records.some((one) => one.type === 'test' && one.name === 'the search finds something'));
  writeFileSync(join(home.dir, 'tests', 'failing-test', 'custom', 'search.test.mjs'), passing);
  const green = await attach(run, '--fail');
  t.match(green.records.find(is('run.finished')), { run: `${run}.attach-2`, verdict: 'green', key: run });
  t.match(green.records.find(is('stage.finished', 'custom')), { status: 'pass', on: checkout.commit });
  t.equal(green.exit, 0, green.stderr);
  t.same(services(), before, 'attaching changes nothing of it');
  t.notOk(existsSync(join(home.runs, `${run}.attach-2`, 'work')), 'an attached run leaves no work behind');

  const wait =
    "import test from 'node:test';\ntest('waits', () => new Promise((r) => setTimeout(r, 60_000)));\n";
  writeFileSync(join(home.dir, 'tests', 'failing-test', 'custom', 'search.test.mjs'), wait);
  const killed = start(['ccci-stage', '--attach', run], { cwd: home.dir, env: home.env });
  await killed.until(
    (one) => one.type === 'test' && one.file === 'custom/front.test.ts',
    'the first test ends',
  );
  t.match(await attach(run), { exit: 75, stderr: /is in use/ }, 'one attaches at a time');
  t.match(await ccci('ccci-janitor', '--run', run), { exit: 75, stderr: /is left alone: it is in use/ });
  killed.signal('SIGKILL');
  await killed.ended;
  const cleared = await ccci('ccci-janitor');
  t.ok(
    cleared.records.some(({ what }) => what === `work of run ${run}.attach-3`),
    cleared.stderr,
  );
  t.same(services(), before, 'L21 what died was attached: the deployment is another run’s');
  writeFileSync(join(home.dir, 'tests', 'failing-test', 'custom', 'search.test.mjs'), passing);
  t.match((await attach(run, '--fail')).exit, 0, 'and it can be attached to again');

  const dry = await ccci('ccci-janitor', '--run', run, '--dry-run');
  t.same(services(), before);
  const removed = await ccci('ccci-janitor', '--run', run);
  t.equal(removed.exit, 0, removed.stderr);
  t.same(said(removed), said(dry), 'it does what --dry-run said');
  t.same(await left(), []);
  t.same(
    readdirSync(join(home.runs, run)).filter((name) => ['kept', 'work'].includes(name)),
    [],
  );
  t.match(await attach(run), { exit: 65, stderr: /is not kept any more: it was removed/ });
  t.match(await attach(`${run}.attach-1`), { exit: 65, stderr: /is not kept: nothing of it is up/ });
  t.match(await attach('nobody'), { exit: 65, stderr: /there is no run "nobody"/ });
});

t.test('with what it needs, after its upgrade; its stage is killed, and nobody comes back', async (t) => {
  await checkOut(home, 'idp');
  const checkout = await checkOut(home, 'needs-idp');
  const yaml = readFileSync(join(home.dir, 'tests', 'needs-idp', 'recipe.yml'), 'utf8');
  writeSettings(home, 'needs-idp', `${yaml}\nshared: [idp]\n`);
  const stage = startStage(home, [byHand(checkout, { stages: ['upgrade', 'custom'] })], {
    args: ['--keep'],
    limitMs: 500_000,
  });
  const finished = await stage.until(is('run.finished'), 'the run is over');
  stage.signal('SIGKILL');
  await stage.ended;
  const run = String(finished.run);
  t.match(finished, {
    verdict: 'green',
    rungs: { upgrade: 'pass', functional: 'pass' },
    flags: { kept: true },
  });
  const stages = (finished.stages as { name: string }[]).map(({ name }) => name);
  t.ok(stages.indexOf('upgrade') < stages.indexOf('install'), 'the commit is deployed last');
  t.notOk(existsSync(join(home.runs, 'shared-idp')), 'what it needs is its own');
  const before = services();
  t.match((await attach(run, '--fail')).exit, 0, 'tests meet what it needs, with its credentials');
  t.match(await ccci('ccci-janitor'), { exit: 0, records: [{ did: 'kept', run }] });
  t.same(services(), before);

  execFileSync('docker', ['service', 'rm', before.find((one) => one.includes('need-'))?.split(' ')[0] ?? '']);
  t.match(await attach(run), { exit: 75, stderr: /is not there any more, or not whole/ });
  writeFileSync(join(home.runs, run, 'kept'), '2020-01-01T00:00:00.000Z\n');
  const end = await ccci('ccci-janitor');
  t.match(end.records[0], { did: 'removed', why: 'kept, and not used for 24 h' });
  t.same(await left(), []);
});

t.test('what cannot be asked for is refused before anything begins', async (t) => {
  const refused = async (words: RegExp, ...args: string[]) =>
    t.match(await ccci('ccci-stage', ...args), { exit: 64, stderr: words });
  await refused(
    /--keep leaves a deployment up for a person: not on a queue/,
    '--keep',
    '--spool',
    home.state,
  );
  await refused(
    /--stages upgrade would change the kept deployment/,
    '--attach',
    'x',
    '--stages',
    'custom,upgrade',
  );
  await refused(/not with --recipe/, '--attach', 'x', '--recipe', '.');
  await refused(/"costum" is no stage/, '--recipe', '.', '--stages', 'costum');
  await refused(/--stages belongs to --recipe or --attach/, '--stages', 'custom');
});

function ccci(program: string, ...args: string[]): Promise<Ended> {
  return start([program, ...args], { cwd: home.dir, env: home.env, limitMs: 500_000 }).ended;
}

function attach(run: string, ...args: string[]): Promise<Ended> {
  return ccci('ccci-stage', '--attach', run, '--stages', 'custom', ...args);
}

function runOf({ records, stderr }: Ended): string {
  const finished = records.find(is('run.finished'));
  if (finished === undefined) throw new Error(`no run has finished: ${stderr}`);
  return String(finished.run);
}

function said({ records }: Ended): unknown[] {
  return records.map(({ did, what, why }) => [did, what, why]);
}

/** Each service by id, name and version of its specification: another one after any change. */
function owner(): string {
  return readFileSync(join(home.state, 'id'), 'utf8').trim();
}

/** What is left of this file's runs: others run beside it. */
function left(): Promise<string[]> {
  return listLeft(connectEngine(box.dockerHost), { owner: owner() });
}

function services(): string[] {
  const ours = ['--filter', `label=ccci.owner=${owner()}`];
  const ids = execFileSync('docker', ['service', 'ls', '--quiet', ...ours], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
  if (ids.length === 0) return [];
  const format = '{{.ID}} {{.Spec.Name}} {{.Version.Index}}';
  const text = execFileSync('docker', ['service', 'inspect', '--format', format, ...ids], {
    encoding: 'utf8',
  });
  return text.trim().split('\n').sort();
}
