import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageDist } from '../../scripts/build/package.ts';
import { checkOut, makeHome } from '../tools/stage/home.ts';

const root = join(import.meta.dirname, '..', '..');

t.test('one file that npm installs, without a network, and that works from there', async (t) => {
  const dir = t.testdir({ home: {}, prefix: {}, work: {} });
  const file = await packageDist(root, join(root, 'dist'));
  const first = readFileSync(file);
  t.same(
    readFileSync(await packageDist(root, join(root, 'dist'))),
    first,
    'the same files give the same bytes',
  );
  const env = { PATH: process.env.PATH, HOME: join(dir, 'home'), CCCI_STATE: join(dir, 'state') };
  const npm = [
    'install',
    '--global',
    '--offline',
    '--no-audit',
    '--no-fund',
    '--prefix',
    join(dir, 'prefix'),
    file,
  ];
  execFileSync('npm', npm, { env, cwd: join(dir, 'work'), timeout: 120_000, stdio: 'pipe' });

  const ccci = (args: readonly string[], cwd = join(dir, 'work')) =>
    spawnSync(join(dir, 'prefix', 'bin', 'ccci'), args, {
      cwd,
      env: { ...env, DOCKER_HOST: 'unix:///nonexistent/docker.sock' },
      encoding: 'utf8',
      timeout: 60_000,
    });
  t.match(ccci(['--version']), { status: 0, stdout: /^ccci \d+\.\d+\.\d+\n$/ });
  t.match(ccci(['stage', '--version']), { status: 0, stdout: /^ccci-stage / }, 'it finds the other programs');
  t.match(ccci(['doctor']), { status: 69, stdout: /✗ missing {2}docker engine/ });

  const home = makeHome(join(dir, 'recipes'));
  mkdirSync(home.dir, { recursive: true });
  const { dir: recipe } = await checkOut(home, 'lint-error');
  t.match(ccci(['lint', recipe]), { status: 1, stdout: /error: .*\[R\d{3}\]/ });
  const installed = join(dir, 'prefix', 'lib', 'node_modules', 'ccci');
  for (const name of [
    'LICENSE',
    'README.md',
    'schema/trigger.json',
    'test/python/ccci_pytest.py',
    'share/bash-completion/completions/ccci',
    'share/zsh/site-functions/_ccci',
    'share/fish/vendor_completions.d/ccci.fish',
  ]) {
    t.ok(existsSync(join(installed, name)), name);
  }
  const manual = join(dir, 'prefix', 'share', 'man');
  const where = ['-M', manual, '-w', 'ccci', 'ccci-poll', 'ccci-records', 'ccci-janitor'];
  t.match(
    spawnSync('man', where, { encoding: 'utf8', timeout: 60_000 }),
    { status: 0, stdout: /ccci\.1\n.*ccci-poll\.1\n.*ccci-records\.5\n.*ccci-janitor\.8\n/ },
    'man finds the pages where npm has put them',
  );
  t.ok(
    existsSync(join(installed, 'test/node_modules/@ccci/test/index.js')),
    'helpers for tests in JavaScript',
  );
});
