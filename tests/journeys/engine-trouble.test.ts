import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stackName } from '@ccci/lib/recipe/names.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import { lockTurn } from '@ccci/lib/state/alone.ts';
import { listQueue } from '@ccci/lib/state/queue.ts';
import t, { type Test } from 'tap';
import { type Box, type BoxOptions, startBox } from '../support/engine/box.ts';
import { boxCommand, boxEnv } from '../support/engine/enter.ts';
import { images, importImages } from '../support/engine/images.ts';
import { restartEngine } from '../support/engine/restart.ts';
import { leftOnEngine, nothing } from '../support/journey/left.ts';
import {
  byHand,
  type Checkout,
  checkOut,
  fromForge,
  type Home,
  makeHome,
  writeSettings,
} from '../tools/stage/home.ts';
import { is, type Started, start } from '../tools/stage/start.ts';

const quick = { quick: true };

/** An engine of its own, in a network of its own: programs run in it. */
async function openScene(t: Test, options: BoxOptions = {}) {
  const box = await startBox(options);
  t.teardown(box.stop);
  await importImages(box);
  // For the `docker` command of this test.
  Object.assign(process.env, { DOCKER_HOST: box.dockerHost });
  const home = makeHome(t.testdir());
  const good = await checkOut(home, 'good', { as: 'trouble' });
  return { box, home, good };
}

t.test(
  'the engine restarts in the middle of a run: it ends with a verdict, and nothing is left',
  async (t) => {
    const { box, home, good } = await openScene(t);
    const run = startIn(box, home, 'ccci-stage', [byHand(good)]);
    const started = await run.until(is('run.started'), 'the run begins');
    await run.until((record) => record.type === 'test' && record.stage === 'install', 'it is deployed');
    await restartEngine(box, 'engine');
    const { records, stderr } = await run.ended;
    t.notMatch(stderr, /this is a bug/);
    const finished = records.find(is('run.finished'));
    t.ok(['green', 'infra'].includes(String(finished?.verdict)), `${finished?.verdict}: ${finished?.reason}`);
    await expectClean(t, { box, home }, stackName(String(started.domain)));
    await expectGreen(t, { box, home }, good);
  },
);

t.test(
  'a power cut: everything dies at once, and after the janitor nothing is left and the queue goes on',
  async (t) => {
    const { box, home, good } = await openScene(t);
    const trigger = fromForge(1, { recipe: 'trouble', repo: good.dir, ref: good.commit, options: quick });
    const queued = await startIn(box, home, 'ccci-dedupe', [trigger]).ended;
    const run = startIn(box, home, 'ccci-stage', queued.records, ['--allow-local']);
    const started = await run.until(is('run.started'), 'the run begins');
    await run.until((record) => record.type === 'test' && record.stage === 'install', 'it is deployed');
    run.signal('SIGKILL');
    await restartEngine(box, 'machine');
    await run.ended;
    const stack = stackName(String(started.domain));
    t.equal(leftOnEngine(stack).volume?.length, 1, 'the engine remembers what it had');
    const swept = await startIn(box, home, 'ccci-janitor').ended;
    t.equal(swept.exit, 0, swept.stderr);
    t.match(
      swept.records.find(({ did }) => did === 'requeued'),
      { what: /queue file .*gitea-1/ },
    );
    t.same(leftOnEngine(stack), nothing);
    t.notOk(existsSync(join(home.runs, 'gitea-1', 'work')));
    t.equal((await listQueue(home.state, 'new')).length, 1, 'its trigger waits again');
    const again = startIn(
      box,
      home,
      'ccci-stage',
      [],
      ['--spool', home.state, '--idle-ms', '1', '--allow-local'],
    );
    t.match((await again.ended).records.find(is('run.finished')), { run: 'gitea-1.2', verdict: 'green' });
    await expectClean(t, { box, home }, stack);
  },
);

t.test(
  'L60 L61 a small disk: filled by a recipe, the engine lives on; images go only when the disk needs them',
  async (t) => {
    const { box, home, good } = await openScene(t, { diskMb: 400 });
    const greedy = await checkOut(home, 'good', { as: 'greedy' });
    const fill = 'cat /dev/zero >/data/fill || true\\nexec httpd';
    execFileSync('sed', ['-i', `s#^exec httpd#${fill}#`, join(greedy.dir, 'entrypoint.sh')]);
    writeSettings(
      home,
      'greedy',
      'timeouts:\n  deploy: 60\n  http: 30\nready:\n  - tcp: app\n    port: 8080\n    stable: 30\n',
    );
    const input = [{ type: 'trigger', repo: greedy.dir, worktree: true, options: quick }];
    const env = { CCCI_QUOTA_MB: '100' };
    const full = await startIn(box, home, 'ccci-stage', input, [], env).ended;
    t.match(
      full.records.find(is('run.finished')),
      { verdict: 'red', flags: { clean_teardown: true } },
      full.stderr,
    );
    t.match(
      full.records.find((record) => record.type === 'stage.finished' && record.status === 'fail')?.summary,
      /^filled the disk: /,
    );
    await expectGreen(t, { box, home }, good, env);

    const kept = await startIn(box, home, 'ccci-janitor').ended;
    t.match(kept, { exit: 0, records: [] }, 'images stay while there is room');
    const prune = { CCCI_IMAGES_ABOVE_PERCENT: '0' };
    const run = await lockTurn(home.state, {
      isAlone: false,
      signal: new AbortController().signal,
      onWait: () => {},
    });
    t.same(
      (await startIn(box, home, 'ccci-janitor', [], [], prune).ended).records,
      [],
      'and while a run goes on',
    );
    run?.release();
    const pruned = await startIn(box, home, 'ccci-janitor', [], [], prune).ended;
    t.same(
      pruned.records.map(({ did, what }) => `${did} ${what}`),
      [`removed image ${images[0]}`],
      pruned.stderr,
    );
    const left = execFileSync('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}'], {
      encoding: 'utf8',
    });
    t.same(left.trim().split('\n').sort(), images.slice(1), 'what no run of ours used is not ours');
    t.match(pruned.stderr, /no image of ours is left that could go/);
  },
);

type Scene = { readonly box: Box; readonly home: Home };

function startIn(
  box: Box,
  home: Home,
  program: string,
  input: readonly object[] = [],
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Started {
  // The janitor in the box's mounts too: there the engine may have a disk of its own.
  const mounts = ['nsenter', '-t', String(box.pid), '-m', `--wd=${home.dir}`, '--'];
  const argv = boxCommand(box, [...(program === 'ccci-janitor' ? mounts : []), program, ...args]);
  const { PATH: _path, ...own } = boxEnv(box);
  return start([...argv] as [string, ...string[]], {
    cwd: home.dir,
    env: { ...home.env, ...own, ...env },
    input,
  });
}

async function expectClean(t: Test, { box, home }: Scene, stack: string): Promise<void> {
  const { exit, stderr } = await startIn(box, home, 'ccci-janitor').ended;
  t.equal(exit, 0, stderr);
  t.same(leftOnEngine(stack), nothing, 'nothing is left on the engine');
}

async function expectGreen(
  t: Test,
  { box, home }: Scene,
  checkout: Checkout,
  env: Record<string, string> = {},
): Promise<void> {
  const { records, stderr } = await startIn(box, home, 'ccci-stage', [byHand(checkout, quick)], [], env)
    .ended;
  const run = String(records.find(is('run.started'))?.run);
  const results = JSON.parse(readFileSync(join(home.runs, run, 'results.json'), 'utf8')) as Results;
  t.equal(results.verdict, 'green', `the next run is green: ${results.reason} ${stderr}`);
}
