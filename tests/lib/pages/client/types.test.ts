import { join } from 'node:path';
import { execa } from 'execa';
import t from 'tap';

// A project of its own: what a browser has is not there for the programs, and the other way round.
t.test('the script of the pages has its types right', { timeout: 600_000 }, async (t) => {
  const root = join(import.meta.dirname, '..', '..', '..', '..');
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const { exitCode, all } = await execa(tsc, ['-p', join('lib', 'pages', 'client')], {
    cwd: root,
    all: true,
    reject: false,
  });
  t.equal(exitCode, 0, all);
});
