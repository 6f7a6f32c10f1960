import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { journalPath } from '@ccci/lib/state/layout.ts';
import { listQueue, readJournal } from '@ccci/lib/state/queue.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { leftOnEngine, nothing } from '../support/journey/left.ts';
import { byHand, checkOut, enqueue, fromForge, makeHome } from '../tools/stage/home.ts';
import { is, start } from '../tools/stage/start.ts';

await enterBox(import.meta.url);

const home = makeHome(t.testdir());
const good = await checkOut(home, 'good', { as: 'disk' });
const runs = join(home.dir, 'small');
const quick = byHand(good, { quick: true });

/** ccci-stage with a small file system of its own at `runs`, which nobody else sees and which ends with it. */
function onSmallDisk(options: string, input: readonly object[]) {
  const mount = `mkdir -p ${runs}; mount -t tmpfs -o ${options} none ${runs}; exec ccci-stage --allow-local --runs ${runs}`;
  const argv = ['unshare', '--mount', 'sh', '-euc', mount] as const;
  // What is full here is full in the middle of a run, and not before it.
  return start([...argv], { cwd: home.dir, env: { ...home.env, CCCI_MIN_DISK_MB: '1' }, input });
}

t.test('run directories that cannot be made', async (t) => {
  const file = join(home.dir, 'a-file');
  writeFileSync(file, '');
  const input = [quick, { type: 'weather' }];
  const argv = ['ccci-stage', '--allow-local', '--runs', file] as const;
  const isFile = await start([...argv], { cwd: home.dir, env: home.env, input }).ended;
  const readOnly = await onSmallDisk('ro', input).ended;
  for (const [{ exit, records, stderr }, words] of [
    [isFile, /cannot make .*a-file.*(not a directory|ENOTDIR|EEXIST)/],
    [readOnly, /cannot make .*small.*EROFS/],
  ] as const) {
    t.equal(exit, 74, `input or output failed: ${stderr}`);
    t.match(stderr, words);
    t.match(stderr, /is --runs \(or the state directory\) writable/);
    t.match(
      records.find((record) => record.type === 'error'),
      { key: /^hand-/, message: words, hint: /writable/ },
    );
    t.ok(records.some((record) => record.type === 'weather'));
    t.notMatch(stderr, /this is a bug/);
  }
});

t.test('a disk that is full in the middle of a run', async (t) => {
  const trigger = fromForge(301, {
    recipe: 'disk',
    repo: good.dir,
    ref: good.commit,
    options: { quick: true },
  });
  const stage = onSmallDisk('size=8m', await enqueue(home, [trigger]));
  await stage.until(is('stage.started', 'install'), 'install begins');
  fill(join('/proc', String(stage.pid), 'root', runs, 'fill'));
  const { exit, records, stderr } = await stage.ended;
  t.equal(exit, 74, stderr);
  t.match(stderr, /cannot (append to|write) .*small.*ENOSPC.*\(make space/);
  t.notMatch(stderr, /this is a bug/);
  t.match(
    records.find((record) => record.type === 'error'),
    { key: 'gitea-301', message: /ENOSPC/, hint: /make space/ },
  );
  t.notOk(records.some(is('run.finished')), 'no verdict without a place to write it');
  t.same(leftOnEngine('disk'), nothing, 'torn down all the same');
  const [file] = await listQueue(home.state, 'new');
  t.ok(file, 'given back for the next start');
  const journal = await readJournal(journalPath(home.state, 'new', String(file)));
  t.same(
    journal.map(({ type }) => type),
    ['trigger', 'claim', 'queued'],
    'and that attempt does not count',
  );
});

/** Writes until nothing more goes in; only processes in that mount namespace see it. */
function fill(path: string): void {
  const script = 'dd if=/dev/zero of="$1" bs=4096 2>/dev/null; test -s "$1"';
  execFileSync('sh', ['-c', script, 'sh', path], { timeout: 30_000 });
  if (!existsSync(path)) throw new Error(`${path} was not written`);
}
