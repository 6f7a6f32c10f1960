import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makePlaces } from '@ccci/lib/runs/place.ts';
import t from 'tap';
import { writeAssets } from '../../../tools/report/assets.ts';
import { makeLiveLogs } from '../../../tools/report/live-logs.ts';
import { makePublisher } from '../../../tools/report/publish.ts';
import { viewOf } from '../../lib/pages/records.ts';

/** Waits for what is to become true, with a bound. */
async function until(isSo: () => boolean): Promise<boolean> {
  const end = performance.now() + 60_000;
  while (!isSo() && performance.now() < end) await wait(10);
  return isSo();
}

t.test('the log of a run that goes on grows in the pages, and is settled at the end', async (t) => {
  const dir = t.testdir({ runs: { 'gitea-1': {} }, pages: { runs: { 'gitea-1': {} } } });
  const [from, to] = ['runs', 'pages/runs'].map((path) => join(dir, path, 'gitea-1', 'events.ndjson')) as [
    string,
    string,
  ];
  const complaints: unknown[] = [];
  const live = makeLiveLogs({
    directory: join(dir, 'pages'),
    runs: join(dir, 'runs'),
    complain: (error) => void complaints.push(error),
    everyMs: 20,
  });
  const isUpToDate = () => existsSync(to) && readFileSync(to, 'utf8') === readFileSync(from, 'utf8');
  t.teardown(live.stop);
  writeFileSync(from, 'one\n');
  await live.follow('gitea-1');
  t.ok(isUpToDate(), 'what is there at once');
  for (const line of ['two\n', 'three\n']) {
    appendFileSync(from, line);
    t.ok(await until(isUpToDate), line);
  }
  await live.follow('gitea-none');
  rmSync(from);
  await live.settle('gitea-1');
  t.notOk(existsSync(to), 'what is withheld at the end does not stay');
  writeFileSync(from, 'later\n');
  await live.settle('gitea-none');
  await live.stop();
  t.notOk(existsSync(to), 'no longer followed');
  t.strictSame(complaints, []);
});

t.test('a copy that cannot be made is complained about, and tried again', async (t) => {
  const dir = t.testdir({ runs: { 'gitea-1': { 'events.ndjson': 'one\n' } }, pages: {} });
  const complaints: unknown[] = [];
  const live = makeLiveLogs({
    directory: join(dir, 'pages'),
    runs: join(dir, 'runs'),
    complain: (error) => void complaints.push(error),
    everyMs: 20,
  });
  t.teardown(live.stop);
  await live.follow('gitea-1');
  t.equal(complaints.length, 1);
  mkdirSync(join(dir, 'pages', 'runs', 'gitea-1'), { recursive: true });
  t.ok(await until(() => existsSync(join(dir, 'pages', 'runs', 'gitea-1', 'events.ndjson'))));
});

t.test('the scripts of the pages lie in assets/', async (t) => {
  const dir = t.testdir({ assets: { 'run.js': 'old' } });
  await writeAssets(dir);
  const script = readFileSync(join(dir, 'assets', 'run.js'), 'utf8');
  t.match(script, 'data-live');
  t.ok(script.length < 40_000, `${script.length} bytes: no schemas come into a browser`);
  t.notMatch(script, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/);
});

t.test('what is published follows a run, and ends with all of it', async (t) => {
  const dir = t.testdir({ runs: { 'gitea-14497': {} }, pages: {} });
  const folder = join(dir, 'pages', 'runs', 'gitea-14497');
  const from = join(dir, 'runs', 'gitea-14497', 'events.ndjson');
  const complaints: unknown[] = [];
  const folders = { state: dir, directory: join(dir, 'pages'), runs: join(dir, 'runs') };
  const publisher = makePublisher({
    ...folders,
    places: makePlaces({ ...folders, slots: 1, now: () => new Date(0) }),
    views: () => [],
    warn: (message) => void complaints.push(message),
    pause: async () => {},
    complain: (error) => void complaints.push(error),
  });
  t.teardown(publisher.idle);
  await publisher.overview();
  t.ok(existsSync(join(dir, 'pages', 'assets', 'run.js')));
  const published = () => readFileSync(join(folder, 'events.ndjson'), 'utf8');
  writeFileSync(from, 'one\n');
  await publisher.run(viewOf({}, 5));
  t.equal(published(), 'one\n');
  t.match(readFileSync(join(folder, 'index.html'), 'utf8'), 'data-live="');
  appendFileSync(from, 'two\n');
  t.ok(await until(() => published() === 'one\ntwo\n'));
  appendFileSync(from, 'three\n');
  await publisher.run(viewOf());
  t.equal(published(), 'one\ntwo\nthree\n', 'all of it when the page of the outcome is there');
  t.notMatch(readFileSync(join(folder, 'index.html'), 'utf8'), 'data-live="');
  appendFileSync(from, 'later\n');
  await publisher.idle();
  t.equal(published(), 'one\ntwo\nthree\n');
  t.strictSame(complaints, []);
});
