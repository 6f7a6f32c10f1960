import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pid } from 'node:process';
import t from 'tap';
import { openOutput, writeTree } from '../../../tools/units/output.ts';
import { main, runProgramHere } from './run.ts';

const files = new Map([
  ['etc/ccci/units.list', 'ccci/units.list\n'],
  ['etc/systemd/system/ccci-a.service', '[Unit]\n'],
]);
/** Above what any process can have (`kernel.pid_max`). */
const nobody = 4_194_305;

const configuration = {
  forges: {
    git: {
      url: 'https://git.example.org',
      organisations: ['recipes'],
      tokenFile: '/etc/ccci/read',
      reportTokenFile: '/etc/ccci/write',
    },
  },
};

function namesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

t.test('a new folder, with its parents, or an empty one', async (t) => {
  const dir = t.testdir({ empty: {} });
  for (const name of ['a/b/new', 'empty']) {
    const output = await openOutput(name, dir);
    t.equal(output, join(dir, name));
    await writeTree(output, files);
    t.same(readdirSync(output).sort(), ['etc', 'install.sh'], 'nothing else is left');
    t.equal(readFileSync(join(output, 'etc/ccci/units.list'), 'utf8'), 'ccci/units.list\n');
  }
});

t.test('what somebody else has there stays, even what looks like ours', async (t) => {
  const dir = t.testdir({
    notes: { 'notes.txt': '' },
    earlier: { etc: { ccci: {} }, 'install.sh': 'old' },
    script: { 'install.sh': 'mine' },
    draft: { [`.ccci-units-${nobody}`]: { etc: {} }, 'notes.txt': '' },
  });
  const before = namesBelow(dir);
  for (const name of ['notes', 'earlier', 'script', 'draft']) {
    const refused = { status: 64, code: 'output-in-use', message: /is not empty$/, hint: /another folder/ };
    await t.rejects(openOutput(name, dir), refused, name);
  }
  t.same(namesBelow(dir), before);
  t.equal(readFileSync(join(dir, 'script/install.sh'), 'utf8'), 'mine');
});

t.test('what a killed run left is removed, what a live one is at is not', async (t) => {
  const dead = `.ccci-units-${nobody}`;
  const dir = t.testdir({
    killed: { [dead]: { etc: { 'half.conf': '' } } },
    late: { [dead]: { etc: {} }, 'install.sh': 'of that run' },
    live: { '.ccci-units-1': { etc: {} } },
  });
  for (const name of ['killed', 'late', 'live']) await writeTree(await openOutput(name, dir), files);
  t.same(readdirSync(join(dir, 'killed')).sort(), ['etc', 'install.sh']);
  t.same(readdirSync(join(dir, 'late')).sort(), ['etc', 'install.sh']);
  t.match(readFileSync(join(dir, 'late/install.sh'), 'utf8'), /^#!\/bin\/sh/);
  t.same(readdirSync(join(dir, 'live')).sort(), ['.ccci-units-1', 'etc', 'install.sh']);
});

t.test('who comes second mixes nothing in', async (t) => {
  const output = await openOutput('host', t.testdir({}));
  await writeTree(output, files);
  const other = new Map([['etc/other.conf', 'x']]);
  await t.rejects(writeTree(output, other), { status: 64, code: 'output-in-use' });
  t.same(readdirSync(output).sort(), ['etc', 'install.sh'], 'its draft is gone');
  t.notOk(namesBelow(output).includes('etc/other.conf'));
});

t.test('two processes at once: one tree, whole, of one of them', async (t) => {
  const dir = t.testdir({ 'ccci.json': JSON.stringify(configuration) });
  const args = (bin: string) => [
    '--config',
    join(dir, 'ccci.json'),
    '--output',
    join(dir, 'out'),
    '--bin',
    bin,
  ];
  const ended = await Promise.all(['/opt/a', '/opt/b'].map((bin) => runProgramHere(args(bin))));
  t.same(ended.map(({ exit }) => exit).sort(), [0, 64], ended.map(({ err }) => err).join());
  const winner = ended[0]?.exit === 0 ? '/opt/a' : '/opt/b';
  t.same(readdirSync(join(dir, 'out')).sort(), ['etc', 'install.sh']);
  for (const unit of ['poll', 'stage', 'report', 'janitor'])
    t.match(
      readFileSync(join(dir, `out/etc/systemd/system/ccci-${unit}.service`), 'utf8'),
      `${winner}/ccci-${unit}`,
    );
});

t.test('a path that takes no folder', async (t) => {
  const dir = t.testdir({ file: '', link: t.fixture('symlink', '/nonexistent/x') });
  const inTheWay = { status: 74, code: 'write-failed', hint: /a file is in the way/ };
  for (const name of ['file', 'file/below']) await t.rejects(openOutput(name, dir), inTheWay, name);
  await t.rejects(writeTree(join(dir, 'link'), files), inTheWay);
});

t.test('a failure on the way takes back what was made, and no more', async (t) => {
  const dir = t.testdir({ there: {} });
  const wrong = new Map([...files, ['etc/ccci', 'a folder is there']]);
  for (const name of ['a/b', 'there'])
    await t.rejects(writeTree(join(dir, name), wrong), { code: 'write-failed' }, name);
  t.same(namesBelow(dir), ['there']);
});

/** Runs a command with a small file system at `folder` that nobody else sees; what lies there at the end is its output. */
function onDisk(options: string, folder: string, argv: readonly string[]) {
  const script = `mount -t tmpfs -o ${options} none "$0"; "$@" >/dev/null; status=$?; ls -A "$0"; exit $status`;
  return spawnSync(
    'unshare',
    ['--user', '--map-root-user', '--mount', 'sh', '-uc', script, folder, ...argv],
    {
      encoding: 'utf8',
    },
  );
}

t.test('a full disk, and one that takes nothing: said, and nothing is left', async (t) => {
  const dir = t.testdir({ 'ccci.json': JSON.stringify(configuration), disk: {} });
  const disk = join(dir, 'disk');
  const argv = (output: string) => {
    return [process.execPath, main, '--config', join(dir, 'ccci.json'), '--output', output];
  };
  const full = onDisk('size=16k', disk, argv(join(disk, 'a/host')));
  t.match(full, { status: 74, stdout: '', stderr: /cannot write to .*host: ENOSPC.*\(make space/ });
  const mounted = onDisk('size=16k', disk, argv(disk));
  t.match(mounted, { status: 74, stdout: '', stderr: /ENOSPC/ });
  const readOnly = onDisk('ro', disk, argv(join(disk, 'host')));
  t.match(readOnly, { status: 74, stdout: '', stderr: /EROFS.*mounted read-only: choose another --output/ });
  const roomy = onDisk('size=1m', disk, argv(disk));
  t.match(roomy, { status: 0, stdout: 'etc\ninstall.sh\n' }, 'a mount point is a folder like any other');
});

const strikes = ['mkdir 12', 'mkdir 17', 'rename 1', 'rename 2', 'rmdir 1'];
t.test('killed on the way: nothing or all of it, and the next run goes on', async (t) => {
  const dir = t.testdir({ 'ccci.json': JSON.stringify(configuration) });
  const args = (output: string) => ['--config', join(dir, 'ccci.json'), '--output', output];
  await runProgramHere(args(join(dir, 'whole')));
  const whole = namesBelow(join(dir, 'whole'));
  for (const strike of strikes) {
    const [call = '', nth = ''] = strike.split(' ');
    const output = join(dir, strike.replace(' ', '-'));
    mkdirSync(output);
    const kill = ['-f', '-qq', '-o', '/dev/null', '-e', `inject=${call}:signal=KILL:when=${nth}`];
    const env = { PATH: process.env.PATH, UV_THREADPOOL_SIZE: '1' };
    spawnSync('strace', [...kill, process.execPath, main, ...args(output)], { env });
    const isThere = readdirSync(output).includes('etc');
    t.ok(readdirSync(output).length > 0, `${strike}: struck in the middle`);
    t.match(await runProgramHere(args(output)), { exit: isThere ? 64 : 0 }, strike);
    const left = namesBelow(output).filter((name) => !isThere || !/^\.ccci-units-\d+$/.test(name));
    t.same(left, whole, `${strike}: whole`);
  }
});

t.test('the draft of a process that had our number is nobody’s', async (t) => {
  const dir = t.testdir({ out: { [`.ccci-units-${pid}`]: {} } });
  writeFileSync(join(dir, 'out', `.ccci-units-${pid}`, 'x'), '');
  await writeTree(await openOutput('out', dir), files);
  t.same(readdirSync(join(dir, 'out')).sort(), ['etc', 'install.sh']);
});
