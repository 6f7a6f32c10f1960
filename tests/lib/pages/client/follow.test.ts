import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFollower, type Poll } from '@ccci/lib/pages/client/follow.ts';
import { makeLineBuffer } from '@ccci/lib/pages/client/line-buffer.ts';
import { pauseMs } from '@ccci/lib/pages/client/pace.ts';
import fc from 'fast-check';
import t from 'tap';
import { serveFolder } from '../../../support/site/serve.ts';

const record = (number: number, text = '') => `${JSON.stringify({ type: 'log', number, text })}\n`;
const numbers = (poll: Poll) =>
  poll.kind === 'records' ? poll.records.map(({ number }) => number) : poll.kind;

t.test('a file of records is followed part by part', async (t) => {
  const dir = t.testdir({});
  const site = await serveFolder(dir);
  t.teardown(site.close);
  const file = join(dir, 'events.ndjson');
  const follower = makeFollower(`${site.url}/events.ndjson`);
  t.equal(numbers(await follower.poll()), 'gone', 'not there yet');
  writeFileSync(file, '');
  t.strictSame(numbers(await follower.poll()), [], 'empty: such a file has no range');
  appendFileSync(file, record(1) + record(2).slice(0, 10));
  t.strictSame(numbers(await follower.poll()), [1], 'half a line waits');
  t.strictSame(numbers(await follower.poll()), [], 'nothing new');
  appendFileSync(file, record(2).slice(10) + record(3));
  t.strictSame(numbers(await follower.poll()), [2, 3]);
  appendFileSync(file, `no JSON\n"no record"\n${record(4)}`);
  t.strictSame(numbers(await follower.poll()), [4], 'what is no record is left out');
  site.mode = 'away';
  t.equal(numbers(await follower.poll()), 'away');
  site.mode = 'whole';
  appendFileSync(file, record(5));
  t.strictSame(numbers(await follower.poll()), [5], 'a server that knows no ranges');
  site.mode = 'range';
  appendFileSync(file, record(6));
  t.strictSame(numbers(await follower.poll()), [6]);
  const statuses = new Set(site.seen.map(({ status }) => status));
  t.strictSame([...statuses].sort(), [200, 206, 404, 416, 503], 'each kind of answer was met');
});

t.test('a file that is another one is read anew', async (t) => {
  for (const mode of ['range', 'whole'] as const) {
    const dir = t.testdir({ 'events.ndjson': record(1, 'the first attempt') + record(2) });
    const site = await serveFolder(dir);
    site.mode = mode;
    const follower = makeFollower(`${site.url}/events.ndjson`);
    t.strictSame(numbers(await follower.poll()), [1, 2]);
    writeFileSync(join(dir, 'events.ndjson'), record(7));
    t.equal(numbers(await follower.poll()), 'anew', `${mode}: shorter`);
    t.strictSame(numbers(await follower.poll()), [7]);
    writeFileSync(join(dir, 'events.ndjson'), record(8, 'x'.repeat(500)) + record(9));
    t.equal(numbers(await follower.poll()), 'anew', `${mode}: longer`);
    t.strictSame(numbers(await follower.poll()), [8, 9]);
    await site.close();
  }
});

t.test('what is long comes in bounded parts', async (t) => {
  const dir = t.testdir({
    'events.ndjson': Array.from({ length: 300 }, (_, n) => record(n, 'x'.repeat(10_000))).join(''),
  });
  const site = await serveFolder(dir);
  t.teardown(site.close);
  const follower = makeFollower(`${site.url}/events.ndjson`);
  const seen: unknown[] = [];
  for (let poll = await follower.poll(); poll.kind === 'records'; poll = await follower.poll()) {
    seen.push(...poll.records.map(({ number }) => number));
    if (!poll.hasMore) break;
  }
  t.strictSame(
    seen,
    Array.from({ length: 300 }, (_, n) => n),
  );
  t.ok(site.seen.length >= 3, `${site.seen.length} requests`);
});

t.test('lines however they are cut into pieces', async (t) => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), fc.array(fc.nat(20)), (texts, cuts) => {
      const wanted = texts
        .map((text) => text.replaceAll('\n', ' '))
        .map((text) => Buffer.from(text).toString());
      let rest = Buffer.from(wanted.map((line) => `${line}\n`).join(''));
      const buffer = makeLineBuffer();
      const lines: string[] = [];
      for (const cut of cuts) {
        lines.push(...buffer.take(rest.subarray(0, cut)));
        rest = rest.subarray(cut);
      }
      lines.push(...buffer.take(rest));
      const decoded = wanted.map((line) => new TextDecoder().decode(Buffer.from(line)));
      return JSON.stringify(lines) === JSON.stringify(decoded);
    }),
  );
  const small = makeLineBuffer(4);
  const take = (text: string) => small.take(Buffer.from(text));
  t.strictSame([take('abc'), take('def\ngh\n')], [[], ['gh']], 'one over the limit is left out');
});

t.test('how soon it is looked again', async (t) => {
  const records = { kind: 'records', records: [], hasMore: false, isRanged: true } as const;
  t.equal(pauseMs(records, 0, false), 1_000);
  t.equal(pauseMs({ ...records, hasMore: true }, 0, false), 0);
  t.ok(pauseMs({ ...records, isRanged: false }, 0, false) > 1_000, 'the whole file each time is dear');
  t.ok(pauseMs(records, 0, true) > 10_000, 'a page that nobody sees');
  const away = [1, 2, 3, 9].map((failures) => pauseMs({ kind: 'away' }, failures, false));
  t.strictSame(away, [2_000, 4_000, 8_000, 30_000], 'less and less often');
});
