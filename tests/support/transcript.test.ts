import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { compareShapes, readTranscripts, shapeOf } from './transcript.ts';

t.test('times, sizes, versions, ids and folders are no part of the shape; words are', async (t) => {
  for (const [one, other] of [
    ['  ✓ install                16 s  2 checks', '  ✓ install           2 min 3 s  1 check'],
    [
      '✓ ok       disk           79281 MiB free in /var/lib/ccci/runs',
      '✓ ok  disk  1 GiB free in /tmp/a/data',
    ],
    ['✓ ok       docker engine  20.10.24+dfsg1', '✓ ok       docker engine  28.2.2'],
    [
      '  why        ccci explain hand-20261129t200011-1097',
      '  why        ccci explain hand-20270101t000000-ffff',
    ],
    [
      '  run hand-20261129t200011-1097, commit a5df89025e03, 9.1 s',
      '  run hand-20270101t000000-ffff, commit 720faa0bebc4, 1 min',
    ],
  ] as const) {
    t.equal(shapeOf(one), shapeOf(other), one);
  }
  t.not(shapeOf('  ✓ install  16 s'), shapeOf('  ✗ install  16 s'));
  t.not(shapeOf('  level 5 (5 of 5 exercised)'), shapeOf('  level 4 (5 of 5 exercised)'));
  t.not(shapeOf('  page       /a/b/index.html'), shapeOf('  page       /a/b/page.html'));
});

t.test('the commands of a document, and what it leaves out', async (t) => {
  const file = join(t.testdir({}), 'README.md');
  const fence = '```';
  writeFileSync(
    file,
    `${fence}text\n$ a b\none\n…\nfour\n\n$ c\n${fence}\n${fence}text\nno command\n${fence}\n`,
  );
  const [first, second, ...others] = readTranscripts(file);
  t.same(first, { command: 'a b', lines: ['one', '…', 'four'] });
  t.same(second, { command: 'c', lines: [] });
  t.same(others, []);
  const cut = compareShapes('one\n\ntwo\n', ['one', '…']);
  t.same(cut.shown, cut.told, 'nor is the end told');
  const same = compareShapes('one\ntwo\nthree\nfour\n', first!.lines);
  t.same(same.shown, same.told);
  for (const shown of ['one\ntwo\nthree\n', 'two\nfour\n', 'one\nfour\nfive\n', 'one\ntwo\n5th\nfour\n!\n']) {
    const differing = compareShapes(shown, first!.lines);
    t.notSame(differing.shown, differing.told, shown);
  }
});
