import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRun } from '@ccci/lib/runs/open.ts';
import t from 'tap';

t.test('the directory of a run', async (t) => {
  const runs = join(t.testdir(), 'made', 'on', 'the', 'way');
  const run = await openRun({ runs, id: 'gitea-1' });
  t.match(run, { id: 'gitea-1', dir: join(runs, 'gitea-1'), work: join(runs, 'gitea-1', 'work') });
  t.same(readdirSync(run.dir).sort(), ['junit', 'lock', 'logs', 'work']);
  t.equal(statSync(run.work).mode & 0o777, 0o700, 'what is not published is for us alone');
  mkdirSync(join(run.work, 'a'), { mode: 0o500 });
  writeFileSync(join(run.work, 'secret'), 'x');
  await run.close();
  t.notOk(existsSync(run.work), 'it is gone at the end');
  t.ok(existsSync(join(run.dir, 'logs')), 'what is published stays');
});

t.test('mode 0700 whatever the umask says', async (t) => {
  const before = process.umask(0);
  t.teardown(() => process.umask(before));
  const run = await openRun({ runs: t.testdir(), id: 'r' });
  t.equal(statSync(run.work).mode & 0o777, 0o700);
  await run.close();
});

t.test('what a dead run left in work is gone', async (t) => {
  const runs = t.testdir({ r: { work: { old: 'x' }, logs: { 'app.log': 'x' } } });
  const run = await openRun({ runs, id: 'r' });
  t.same(readdirSync(run.work), []);
  t.same(readdirSync(join(run.dir, 'logs')), ['app.log']);
  await run.close();
});

t.test('one process at a time', async (t) => {
  const runs = t.testdir();
  const run = await openRun({ runs, id: 'r' });
  await t.rejects(openRun({ runs, id: 'r' }), { status: 75, code: 'run-locked', message: /run r .*another/ });
  t.ok(existsSync(run.work), 'the other one has touched nothing');
  const other = await openRun({ runs, id: 'r2' });
  await other.close();
  await run.close();
  await (await openRun({ runs, id: 'r' })).close();
});

t.test('against a second process, and after its death', async (t) => {
  const runs = t.testdir();
  const script = `
    import { openRun } from '@ccci/lib/runs/open.ts';
    await openRun({ runs: ${JSON.stringify(runs)}, id: 'r' });
    process.stdout.write('open');
    setTimeout(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await t.rejects(openRun({ runs, id: 'r' }), { status: 75, code: 'run-locked' });
  child.kill('SIGKILL');
  await ended;
  const run = await openRun({ runs, id: 'r' });
  t.pass('its lock is gone with it');
  await run.close();
});

t.test('a directory that cannot be made', async (t) => {
  const runs = t.testdir({ file: '', r: { work: {} } });
  const making = openRun({ runs: join(runs, 'file'), id: 'r' });
  await t.rejects(making, { status: 74, code: 'no-run-directory', hint: /--runs/ });
  await t.rejects(openRun({ runs: '/proc/x/runs', id: 'r' }), {
    status: 74,
    message: 'cannot make /proc/x/runs/r: /proc takes no folders',
  });
});
