import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathInside, readInside } from '@ccci/lib/stages/read-inside.ts';
import t from 'tap';

t.test('files of a recipe are read within its checkout only', async (t) => {
  const dir = t.testdir({
    recipe: { 'compose.yml': 'version: "3.8"', sub: { 'a.yml': 'a' } },
    'recipe-secret': 'secret',
  });
  const root = join(dir, 'recipe');
  symlinkSync('../recipe-secret', join(root, 'link'));
  symlinkSync('sub/a.yml', join(root, 'inner'));
  t.equal(await readInside(root, 'compose.yml'), 'version: "3.8"');
  t.equal(await readInside(root, 'inner'), 'a', 'a link within the checkout is fine');
  t.equal(await readInside(root, 'absent'), undefined);
  t.equal(await readInside(root, 'compose.yml/absent'), undefined);
  await t.rejects(readInside(root, 'link'), { code: 'outside-checkout', status: 65 });
  await t.rejects(readInside(root, '../recipe-secret'), { code: 'outside-checkout' });
  t.equal(await pathInside(root, '/etc/passwd'), undefined, 'an absolute path is taken within the checkout');
});

t.test('a folder is no text file, and a very large one is refused', async (t) => {
  const dir = t.testdir({ '.env.sample': { inner: 'x' }, large: 'x'.repeat(1_100_000) });
  t.equal(await readInside(dir, '.env.sample'), undefined);
  t.equal(await readInside(dir, '.'), undefined);
  await t.rejects(readInside(dir, 'large'), {
    code: 'file-too-large',
    status: 65,
    message: /large has 1100000 bytes/,
  });
});
