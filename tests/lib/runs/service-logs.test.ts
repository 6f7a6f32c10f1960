import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { logPath, makeServiceLogs } from '@ccci/lib/runs/service-logs.ts';
import t from 'tap';

type Clock = { now: number };

function scene(dir: string, fileLimit?: number) {
  mkdirSync(join(dir, 'logs'), { recursive: true });
  const clock: Clock = { now: 1_000_000 };
  return { dir, clock, logs: makeServiceLogs(dir, () => clock.now, fileLimit) };
}

const count = (length: number, take: (index: number) => unknown) =>
  Array.from({ length }, (_, index) => take(index)).filter((taken) => taken !== null).length;

t.test('all lines go into the file, in order, per service', async (t) => {
  const { dir, logs } = scene(t.testdir());
  for (let index = 0; index < 1000; index += 1) {
    logs.take('app', `line ${index}`);
    if (index % 10 === 0) logs.take('db', `ü ${index}`);
  }
  await logs.flush();
  const lines = (service: string) => readFileSync(logPath(dir, service), 'utf8').split('\n');
  t.same(lines('app'), [...Array.from({ length: 1000 }, (_, index) => `line ${index}`), '']);
  t.equal(lines('db').length, 101);
  logs.take('app', 'the last');
  await logs.flush();
  t.match(readFileSync(logPath(dir, 'app'), 'utf8'), /line 999\nthe last\n$/);
});

t.test('the first 200 lines, then 100 a second', async (t) => {
  const { clock, logs } = scene(t.testdir());
  const take = () => logs.take('app', 'x');
  t.equal(count(1000, take), 200, 'the first burst');
  t.equal(
    count(10, () => logs.take('db', 'x')),
    10,
    'each service for itself',
  );
  for (const second of [1, 2, 3]) {
    clock.now = 1_000_000 + second * 1000;
    t.equal(count(1000, take), 100, `second ${second}`);
  }
  clock.now += 999;
  t.equal(count(10, take), 0, 'still the same second');
  await logs.flush();
});

t.test('2 MiB a run, of what is shown', async (t) => {
  const { dir, clock, logs } = scene(t.testdir());
  const line = 'x'.repeat(16_383);
  const taken = count(1000, () => {
    clock.now += 1000;
    return logs.take('app', line);
  });
  t.equal(taken, 128, 'lines of 16 KiB with their end');
  clock.now += 1000;
  t.equal(logs.take('app', 'x'), null);

  const flooded = scene(join(dir, 'flooded'));
  count(5000, () => flooded.logs.take('app', line.slice(0, 1000)));
  flooded.clock.now += 5000;
  t.same(flooded.logs.take('app', 'x'), { line: 'x' }, 'what was not shown does not count');
  await Promise.all([logs.flush(), flooded.logs.flush()]);
});

t.test('a long line is cut and says so', async (t) => {
  const { dir, logs } = scene(t.testdir());
  const line = 'ü'.repeat(5_000_000);
  const taken = logs.take('app', line);
  t.equal(taken?.line.length, 8192);
  t.equal(taken?.cut, 10_000_000 - 16_384);
  t.same(logs.take('app', 'next'), { line: 'next' }, 'and does not silence what comes after it');
  await logs.flush();
  t.equal(readFileSync(logPath(dir, 'app'), 'utf8'), `${line}\nnext\n`, 'the file has all of it');
});

t.test('a full file loses its oldest lines', async (t) => {
  const { dir, logs } = scene(t.testdir(), 10_000);
  for (let index = 0; index < 1000; index += 1) {
    logs.take('app', `line ${String(index).padStart(4, '0')}`);
    if (index % 100 === 99) await logs.flush();
  }
  const path = logPath(dir, 'app');
  t.ok(statSync(path).size <= 10_000, `${statSync(path).size} bytes`);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  t.ok(lines.length >= 400, `${lines.length} lines are left`);
  const first = 1000 - lines.length;
  t.same(
    lines,
    lines.map((_, index) => `line ${String(first + index).padStart(4, '0')}`),
    'the newest, whole',
  );
});

t.test('a service that is faster than the disk', async (t) => {
  const { dir, logs } = scene(t.testdir(), 10_000);
  for (let index = 0; index < 10_000; index += 1) logs.take('app', `line ${index}`);
  t.equal(logs.full(), null, 'a little may wait');
  while (logs.full() === null) logs.take('app', 'more of it');
  logs.take('app', 'line 9999');
  t.equal(await logs.full(), undefined, 'who brings a lot is asked to wait until it is written');
  t.equal(logs.full(), null);
  await logs.flush();
  const text = readFileSync(logPath(dir, 'app'), 'utf8');
  t.ok(text.length <= 10_000, `${text.length} bytes`);
  t.match(text, /line 9999\n$/);
});

t.test('a name leads nowhere else', async (t) => {
  const { dir, logs } = scene(t.testdir());
  for (const service of ['../../x', '..', 'a/b', 'a b\0']) {
    t.match(logPath(dir, service), new RegExp(`^${join(dir, 'logs')}/[^/]+\\.log$`), JSON.stringify(service));
    logs.take(service, 'x');
  }
  await logs.flush();
});

t.test('a file that cannot be written', async (t) => {
  const { dir, logs } = scene(t.testdir());
  rmSync(join(dir, 'logs'), { recursive: true });
  t.same(logs.take('app', 'x'), { line: 'x' }, 'the stream goes on');
  await t.rejects(logs.flush(), { status: 74, message: /cannot write .*app\.log/ });
  mkdirSync(join(dir, 'logs'));
  t.same(logs.take('app', 'y'), { line: 'y' });
  await t.rejects(logs.flush(), { status: 74, code: 'disk-failed' }, 'it is not forgotten');
});
