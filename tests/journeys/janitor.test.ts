import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeSlot, listClosedSlots } from '@ccci/lib/state/closed-slots.ts';
import { prepareState, readOwner } from '@ccci/lib/state/layout.ts';
import { lockFile } from '@ccci/lib/state/lock.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { docker, makeThings, thingsOf, volumesOf, volumesThere } from '../tools/janitor/things.ts';
import { type Home, makeHome } from '../tools/stage/home.ts';
import { type Ended, start } from '../tools/stage/start.ts';

await enterBox(import.meta.url);

const at = '2026-11-23T10:15:00.000Z';

t.test(
  'L21 two owners, live and dead runs, shared things, nobody’s things: only dead ones of ours go',
  async (t) => {
    const dir = t.testdir();
    const home = await homeOf(join(dir, 'ours'));
    const owner = await readOwner(home.state);
    const other = await homeOf(join(dir, 'theirs'));
    const otherOwner = await readOwner(other.state);
    makeRun(home, 'dead-1');
    makeRun(home, 'live-1');
    makeRun(home, 'shared-db');
    writeFileSync(join(home.runs, 'shared-db', 'shared'), '');
    mkdirSync(join(home.runs, 'unlocked-1'));
    makeRun(other, 'dead-1');
    makeThings('jdead', { owner, run: 'dead-1' });
    makeThings('jlive', { owner, run: 'live-1' });
    makeThings('jshared', { owner, run: 'shared-db' });
    makeThings('junlocked', { owner, run: 'unlocked-1' });
    makeThings('jrunless', { owner });
    makeThings('jother', { owner: otherOwner, run: 'dead-1' });
    makeThings('jnobody', {});
    makeThings('jforeignrun', { run: 'dead-1' });
    const all = ['jdead', 'jlive', 'jshared', 'junlocked', 'jrunless', 'jother', 'jnobody', 'jforeignrun'];
    const before = new Map(all.map((name) => [name, thingsOf(name)]));
    t.equal(before.get('jdead')?.length, 5);
    const deadVolumes = volumesOf('jdead');
    t.equal(deadVolumes.length, 2);
    const live = await lockFile(join(home.runs, 'live-1', 'lock'));
    t.teardown(() => live?.release());

    const dry = await janitor(home, '--dry-run');
    t.equal(dry.exit, 75, dry.stderr);
    t.ok(dry.records.every((record) => record.dry === true));
    for (const name of all) t.same(thingsOf(name), before.get(name), `${name} is untouched by --dry-run`);
    t.same(volumesThere(deadVolumes), deadVolumes);
    t.ok(existsSync(join(home.runs, 'dead-1', 'work', 'secret')), 'so is what lies on the disk');
    t.notOk(existsSync(join(home.state, 'janitor.lock')), 'it takes no lock of its own');

    const { exit, records, stderr } = await janitor(home);
    t.equal(exit, 75, 'something is left');
    t.same(
      records.map(({ did, what, run, why: _why }) => [did, what, run]),
      dry.records.map(({ did, what, run }) => [did, what, run]),
      'it does what --dry-run said',
    );
    t.same(thingsOf('jdead'), [], 'the dead run’s things are gone');
    for (const name of all.slice(1)) t.same(thingsOf(name), before.get(name), `${name} is untouched`);
    t.same(volumesThere(deadVolumes), [], 'the anonymous volume went with its container');
    t.notOk(existsSync(join(home.runs, 'dead-1', 'work')), 'secrets of the dead run too');
    t.ok(existsSync(join(home.runs, 'live-1', 'work', 'secret')));
    t.ok(existsSync(join(other.runs, 'dead-1', 'work', 'secret')), 'another owner’s run of that name');
    t.match(
      stderr,
      /left: volume junlocked_data: .*unlocked-1 has no lock: nobody can say whether its run lives/,
    );
    t.match(stderr, /left: volume jrunless_data: it carries ccci\.owner=.* and no run/);

    live?.release();
    const shared = await janitor(home, '--shared');
    t.same(thingsOf('jshared'), [], 'with --shared, shared things go');
    t.same(thingsOf('jlive'), [], 'and what has died since');
    t.equal(shared.exit, 75);
    for (const name of ['junlocked', 'jrunless', 'jother', 'jnobody', 'jforeignrun'])
      t.same(thingsOf(name), before.get(name), `${name} is untouched`);
    for (const name of all) removeThings(name);
    t.match(await janitor(home), {
      exit: 75,
      records: [{ what: 'directory of run unlocked-1', did: 'left' }],
    });
  },
);

t.test('a slot stays closed while something is left, and is opened when nothing is', async (t) => {
  const dir = t.testdir();
  const home = await homeOf(join(dir, 'ours'));
  const owner = await readOwner(home.state);
  makeRun(home, 'dead-2');
  makeThings('jslot', { owner, run: 'dead-2' });
  docker('create', '--name', 'jholder', '--volume', 'jslot_data:/data', 'lab.invalid/web:1');
  await closeSlot(home.state, { run: 'dead-2', at, left: 'volume jslot_data' });
  const first = await janitor(home);
  t.equal(first.exit, 75);
  t.match(
    first.records.find(({ did }) => did === 'left'),
    { what: 'volume jslot_data', why: /in use/, run: 'dead-2' },
    'what is left, with the engine’s reason',
  );
  t.equal((await listClosedSlots(home.state)).length, 1, 'still closed');
  docker('rm', 'jholder');
  const second = await janitor(home);
  t.equal(second.exit, 0, second.stderr);
  t.match(
    second.records.find(({ did }) => did === 'opened'),
    { what: 'slot of run dead-2' },
  );
  t.same(await listClosedSlots(home.state), []);
  t.same(thingsOf('jslot'), []);
});

t.test('a client that outlived its stage makes nothing behind the janitor’s back', async (t) => {
  const home = await homeOf(t.testdir());
  const work = makeRun(home, 'dead-3');
  // As a `docker` that waits for its input: it works in the run's folder.
  const child = spawn('docker', ['stack', 'config', '--compose-file', '-'], {
    cwd: work,
    detached: true,
    stdio: 'pipe',
  });
  t.teardown(() => child.kill('SIGKILL'));
  const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  await new Promise((resolve) => child.once('spawn', resolve));
  const { exit, records } = await janitor(home);
  t.equal(exit, 0);
  t.match(
    records.find(({ what }) => String(what).startsWith('process')),
    { what: /docker stack config/, run: 'dead-3' },
  );
  t.equal(await ended, 'SIGKILL');
});

t.test(
  'one at a time per state; no engine is 69, and what lies on the disk is seen to all the same',
  async (t) => {
    const home = await homeOf(t.testdir());
    makeRun(home, 'dead-4');
    const lock = await lockFile(join(home.state, 'janitor.lock'));
    t.match(await janitor(home), { exit: 75, stderr: /another ccci-janitor is at work/ });
    lock?.release();
    const { exit, records, stderr } = await start(['ccci-janitor'], {
      cwd: home.dir,
      env: { ...home.env, DOCKER_HOST: 'unix:///nowhere/docker.sock' },
    }).ended;
    t.equal(exit, 69, stderr);
    t.match(records, [{ did: 'removed', what: 'work of run dead-4' }]);
    t.ok(
      existsSync(join(home.runs, 'dead-4')),
      'its directory stays: only an engine could say that nothing is left',
    );
  },
);

t.test('directories of runs that never had results go after a while', async (t) => {
  const home = await homeOf(t.testdir());
  makeRun(home, 'dead-5');
  makeRun(home, '14497');
  mkdirSync(join(home.runs, 'fresh'));
  makeRun(home, 'fresh-1');
  const longAgo = new Date(Date.now() - 3 * 86_400_000);
  for (const name of ['dead-5', '14497']) {
    execFileSync('rm', ['-r', join(home.runs, name, 'work')]);
    utimesSync(join(home.runs, name), longAgo, longAgo);
  }
  const { exit, records } = await janitor(home);
  t.equal(exit, 75, 'fresh has no lock');
  t.match(
    records.map(({ did, what }) => `${did} ${what}`),
    ['removed directory of run dead-5', 'left directory of run fresh', 'removed work of run fresh-1'],
  );
  t.same(
    readdirSync(home.runs).sort(),
    ['14497', 'fresh', 'fresh-1'],
    'folders of the older system are not touched',
  );
});

function janitor(home: Home, ...args: string[]): Promise<Ended> {
  return start(['ccci-janitor', ...args], { cwd: home.dir, env: home.env }).ended;
}

async function homeOf(dir: string): Promise<Home> {
  const home = makeHome(dir);
  await prepareState(home.state);
  mkdirSync(home.runs, { recursive: true });
  return home;
}

/** A run's directory as a killed stage leaves it; gives its `work`. */
function makeRun({ runs }: Home, id: string): string {
  const work = join(runs, id, 'work');
  mkdirSync(work, { recursive: true });
  writeFileSync(join(runs, id, 'lock'), '');
  writeFileSync(join(work, 'secret'), 'word\n');
  return work;
}

function removeThings(name: string): void {
  for (const thing of thingsOf(name)) {
    const [kind, id] = thing.split(' ') as [string, string];
    if (kind === 'container') docker('rm', '--force', '--volumes', id);
  }
  for (const thing of thingsOf(name)) {
    const [kind, id] = thing.split(' ') as [string, string];
    docker(kind, 'rm', id);
  }
}
