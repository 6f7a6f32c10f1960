import { makeCollector } from '@ccci/lib/pages/collect.ts';
import { reproduceLine } from '@ccci/lib/pages/reproduce.ts';
import { summaryLine } from '@ccci/lib/pages/summary.ts';
import { makeTextWriter } from '@ccci/lib/pages/text.ts';
import { columnsOf } from '@ccci/lib/pages/width.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import t from 'tap';
import { recording, refused, viewOf } from './records.ts';

function write(records: readonly AnyRecord[], colour = false, live = false, columns = 0): string {
  const collector = makeCollector();
  const writer = makeTextWriter({
    colour,
    live,
    columns: () => columns,
    runs: '/srv/runs',
    url: 'https://ci.example.org',
  });
  return records.map((record) => writer(record, collector.add(record))).join('');
}

t.test('lines come with the records, and a final block', async (t) => {
  const text = write(recording(refused));
  t.match(text, /^ghost 6\.1\.0\+5\.9\.1 {2}commit 720faa0bebc4, upgrade from 6\.0\.2\+5\.8\.0\n/);
  t.match(text, /\n {2}✓ install +4\.1 s {2}1 check\n/);
  t.match(
    text,
    /\n {2}✗ upgrade +12 s {2}upgrade did not land: .*\n {6}✗ the update of app completed\n {8}paused\n {6}app \| starting\n/,
  );
  t.match(text, /\n\nRED {2}ghost did not pass: upgrade failed\n {2}level 1 \(5 of 5 exercised\)\n/);
  t.match(text, '    - new secret: jwt_secret\n');
});

t.test('no colour where none is wanted', async (t) => {
  t.notMatch(write(recording(refused)), '\u001b');
  t.match(write(recording(refused), true), '\u001b[1;31mRED\u001b[0m');
});

t.test('nothing in a record can steer the terminal', async (t) => {
  const evil = 'a\u001b[2Jb\u0007c\r\nd\u202ee\u009bf';
  const story = {
    rows: {
      custom: {
        status: 'fail' as const,
        cause: 'recipe' as const,
        summary: evil,
        tests: [{ name: evil, status: 'fail' as const, ms: 1, file: evil, message: evil }],
      },
    },
    logs: { custom: [evil] },
    operator: [evil],
  };
  for (const colour of [false, true]) {
    const text = write(recording(story), colour).replace(/\u001b\[[\d;]+m/g, '');
    t.notMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    t.match(text, 'a\\u001b[2Jb\\u0007c d\\u202ee\\u009bf');
  }
});

t.test('a terminal shows what runs now, and writes over it', async (t) => {
  t.match(
    write(recording(), false, true),
    '\n  … install\r\u001b[K  … install  GET / answers 200\r\u001b[K  ✓ install',
  );
  t.notMatch(write(recording()), '…');
});

t.test('a terminal shows what was said last, and for how long a stage runs', async (t) => {
  const text = write(
    recording(refused).map((record, index) => ({ ...record, at: new Date(index * 1500).toISOString() })),
    false,
    true,
    50,
  );
  t.match(text, '\r\u001b[K  … upgrade, 4.5 s  app | cannot read data of ve…');
  t.match(text, '\r\u001b[K  … upgrade, 6.0 s  the update of app completed\r\u001b[K  ✗ upgrade');
});

t.test('lines end where the terminal does, and are whole off one', async (t) => {
  const plain = (text: string) => text.replaceAll(/\u001b\[[\d;]*[mK]/g, '');
  const long = { custom: { status: 'fail' as const, summary: `中文 ${'word '.repeat(50)}`, tests: [] } };
  for (const columns of [60, 80, 120]) {
    for (const story of [refused, { rows: long, operator: ['new secret '.repeat(20)] }]) {
      const lines = plain(write(recording(story), true, true, columns)).split(/[\r\n]+/);
      const copied = lines.filter((line) => !line.startsWith('  ccci test '));
      t.same(
        copied.filter((line) => columnsOf(line) > columns),
        [],
        `${columns}`,
      );
    }
  }
  t.match(write(recording({ rows: long })), `中文 ${'word '.repeat(49)}word`);
});

t.test('where everything is, and at the end of a red run the line that does it again', async (t) => {
  const text = write(recording(refused));
  t.match(text, '\n  files: /srv/runs/gitea-14497/\n  page: https://ci.example.org/runs/gitea-14497/\n');
  t.ok(text.endsWith(`\n  ${reproduceLine(viewOf(refused))}\n`));
  t.notMatch(write(recording()), 'ccci test', 'of a green run there is nothing to look into');
});

t.test('of runs side by side it is said which one a line is about', async (t) => {
  const other = recording({ run: 'gitea-14497.2' });
  const both = recording().flatMap((record, index) =>
    index < 2 ? [record] : [record, other[index] as AnyRecord],
  );
  const text = write(both);
  t.match(text, /\nghost, run gitea-14497:\n {2}✓ checkout .*\nghost, run gitea-14497\.2:\n {2}✓ checkout /);
  t.notMatch(write(recording()), 'run gitea-14497:', 'of one alone it is plain');
});

t.test('drops and errors are told', async (t) => {
  const drop = {
    type: 'drop',
    v: 1,
    at: '',
    by: 'hand',
    key: 'x-1',
    reason: 'gone',
    detail: 'no such commit',
  };
  t.equal(write([drop]), 'x-1: not run (gone): no such commit\n');
  t.equal(
    write([{ type: 'error', message: 'line 1 is not JSON', hint: 'look' }]),
    'error: line 1 is not JSON (look)\n',
  );
});

t.test('summary: a line per run', async (t) => {
  t.equal(summaryLine(viewOf()), 'gitea-14497 ghost L5\n');
  t.equal(summaryLine(viewOf({ results: { verdict: 'cancelled' } })), 'gitea-14497 ghost cancelled\n');
  t.equal(summaryLine(viewOf({}, 4)), 'gitea-14497 ghost unfinished\n');
});
