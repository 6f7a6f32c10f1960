import {
  appendFileSync,
  existsSync,
  linkSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { growCopy } from '../../../tools/report/grow.ts';

function makePlace(t: Test) {
  const dir = t.testdir({ run: {}, out: {}, secret: { token: 'token', 'events.ndjson': 'token' } });
  const [from, to] = [join(dir, 'run', 'events.ndjson'), join(dir, 'out', 'events.ndjson')];
  return {
    dir,
    from,
    to,
    grow: (folder = join(dir, 'run')) => growCopy(folder, 'events.ndjson', to),
    copy: () => readFileSync(to, 'utf8'),
  };
}

t.test('only what is new is appended', async (t) => {
  const { from, to, grow, copy } = makePlace(t);
  await grow();
  t.notOk(existsSync(to), 'nothing to copy yet');
  writeFileSync(from, 'a\n');
  await grow();
  const { ino } = statSync(to);
  appendFileSync(from, `${'b'.repeat(1_000_000)}\n`);
  await grow();
  t.equal(copy(), readFileSync(from, 'utf8'));
  await grow();
  t.equal(copy(), readFileSync(from, 'utf8'), 'nothing twice');
  t.equal(statSync(to).ino, ino, 'the same file: a reader keeps its place');
});

t.test('another file in its place is copied anew, as a whole', async (t) => {
  const { from, grow, copy } = makePlace(t);
  writeFileSync(from, 'first attempt\n');
  await grow();
  writeFileSync(from, 'second\n');
  await grow();
  t.equal(copy(), 'second\n', 'shorter');
  writeFileSync(from, 'third, and longer than the one before\n');
  await grow();
  t.equal(copy(), 'third, and longer than the one before\n');
});

t.test('links lead nowhere, and what was copied does not stay', async (t) => {
  const { dir, from, to, grow } = makePlace(t);
  writeFileSync(to, 'of before\n');
  symlinkSync(join(dir, 'secret', 'token'), from);
  await grow();
  t.notOk(existsSync(to), 'a symbolic link');
  linkSync(join(dir, 'secret', 'token'), join(dir, 'out', 'x'));
  symlinkSync(join(dir, 'secret'), join(dir, 'linked'));
  await grow(join(dir, 'linked'));
  t.notOk(existsSync(to), 'a run directory that is a link');
});

t.test('a copy that is a link is not written through', async (t) => {
  const { dir, from, to, grow, copy } = makePlace(t);
  symlinkSync(join(dir, 'secret', 'token'), to);
  writeFileSync(from, 'token and more');
  await grow();
  t.equal(readFileSync(join(dir, 'secret', 'token'), 'utf8'), 'token');
  t.equal(copy(), 'token and more');
});
