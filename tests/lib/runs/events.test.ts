import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { type EventLog, openEventLog } from '@ccci/lib/runs/events.ts';
import { readEvents } from '@ccci/lib/runs/read.ts';
import t from 'tap';

const record = (index: number, pad = '') => ({ type: 'x', index, pad });

async function indices(records: AsyncIterable<AnyRecord>): Promise<number[]> {
  const all: number[] = [];
  for await (const { index } of records) all.push(index as number);
  return all;
}

/** What is told until now. */
async function told(dir: string, log: EventLog): Promise<number[]> {
  const all: number[] = [];
  const records = log.follow();
  for (;;) {
    const next = await Promise.race([records.next(), manyReads(dir)]);
    if (next === 'nothing' || next.done) return all;
    all.push(next.value.index as number);
  }
}

/** The log could have been read many times by now. */
async function manyReads(dir: string): Promise<'nothing'> {
  for (let round = 0; round < 50; round += 1) await readFile(join(dir, 'events.ndjson'));
  return 'nothing';
}

t.test('appended in order, awaited or not', async (t) => {
  const dir = t.testdir();
  const log = await openEventLog(dir);
  const appended = Array.from({ length: 500 }, (_, index) => log.append(record(index)));
  await log.close();
  await Promise.all(appended);
  const lines = readFileSync(join(dir, 'events.ndjson'), 'utf8').split('\n');
  t.equal(lines.pop(), '', 'the last line is ended');
  t.same(
    lines.map((line) => JSON.parse(line)),
    [...Array(500).keys()].map((index) => record(index)),
  );
  t.same(await indices(log.follow()), [...Array(500).keys()], 'an ended log can be followed to its end');
});

t.test('a record is written as it was when it was appended', async (t) => {
  const log = await openEventLog(t.testdir());
  const changing = { type: 'x', index: 1 };
  void log.append(changing);
  changing.index = 2;
  await log.close();
  t.same(await indices(log.follow()), [1]);
});

t.test('followers get everything from the first record on, live', async (t) => {
  const log = await openEventLog(t.testdir());
  await log.append(record(0));
  const early = log.follow();
  t.match((await early.next()).value, { index: 0 });
  const waiting = early.next();
  await log.append(record(1));
  t.match((await waiting).value, { index: 1 });
  const late = log.follow();
  t.match((await late.next()).value, { index: 0 });
  const ends = [early.next(), late.next().then(() => late.next())];
  await log.close();
  t.match(await Promise.all(ends), [{ done: true }, { done: true }], 'the end of the log ends them');
});

t.test('a slow follower loses nothing', async (t) => {
  const log = await openEventLog(t.testdir());
  const slow = log.follow();
  t.ok(slow);
  const first = slow.next();
  for (let index = 0; index < 300; index += 1) void log.append(record(index, 'ü'.repeat(3000)));
  t.match((await first).value, { index: 0 });
  await log.close();
  t.same(
    await indices(slow),
    [...Array(299).keys()].map((index) => index + 1),
  );
});

t.test('a held record is durable and not told', async (t) => {
  const dir = t.testdir();
  const log = await openEventLog(dir);
  await log.append(record(0));
  await log.appendHeld(record(1));
  t.match(readFileSync(join(dir, 'events.ndjson'), 'utf8'), /"index":1/, 'it is in the file');
  t.same(await told(dir, log), [0]);
  await log.append(record(2));
  t.same(await told(dir, log), [0], 'nor is what comes behind it');
  log.release();
  t.same(await told(dir, log), [0, 1, 2]);
  await log.append(record(3));
  await log.close();
  t.same(await indices(log.follow()), [0, 1, 2, 3]);
});

t.test('what is held at the end is not told', async (t) => {
  const dir = t.testdir();
  const log = await openEventLog(dir);
  await log.append(record(0));
  await log.appendHeld(record(1));
  const following = indices(log.follow());
  await log.close();
  t.same(await following, [0], 'its commit has failed');
  t.match(readFileSync(join(dir, 'events.ndjson'), 'utf8'), /"index":1/, 'it is in the file');
});

t.test('a log begins anew', async (t) => {
  const dir = t.testdir({ 'events.ndjson': '{"type":"old"}\n' });
  const log = await openEventLog(dir);
  await log.append(record(7));
  await log.close();
  await log.close();
  t.same(await indices(log.follow()), [7]);
});

t.test('a disk that fails', async (t) => {
  await t.rejects(openEventLog(join(t.testdir(), 'absent')), { status: 74, message: /absent/ });
  const log = await openEventLog(t.testdir());
  await log.append(record(0));
  const following = indices(log.follow());
  const circular: Record<string, unknown> = { type: 'x' };
  circular.self = circular;
  t.throws(() => log.append(circular), TypeError, 'a record that is none disturbs nobody');
  await log.append(record(1));
  await log.close();
  t.same(await following, [0, 1]);
  const late = log.append(record(2));
  await t.rejects(late, { status: 74, message: /cannot append to .*events\.ndjson/ });
  await t.rejects(log.append(record(3)), { status: 74, code: 'disk-failed' });
  await t.rejects(
    log.close(),
    { status: 74, code: 'disk-failed' },
    'who did not await a record learns of it here',
  );
});

t.test('recorded events', async (t) => {
  const runs = t.testdir({ r: {} });
  t.same(await indices(readEvents(runs, 'absent')), [], 'none is no error');
  const log = await openEventLog(join(runs, 'r'));
  await log.append(record(0));
  await log.append(record(1));
  await log.close();
  appendFileSync(join(runs, 'r', 'events.ndjson'), 'null\n[]\n{"type":"x","index":2}\n{"type":"x","ind');
  t.same(await indices(readEvents(runs, 'r')), [0, 1, 2], 'a torn last line is left out');
  rmSync(join(runs, 'r'), { recursive: true });
});
