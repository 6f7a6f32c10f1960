import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultsExample } from '@ccci/lib/records/results.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import t, { type Test } from 'tap';
import { viewOf } from '../../lib/pages/records.ts';
import { storyOf, writeManyRuns, writeRun } from '../../support/site/many-runs.ts';
import { publisherOf } from '../../support/site/publish.ts';

async function scene(t: Test, count = 0) {
  const dir = t.testdir({ state: {}, runs: {} });
  const folders = { state: join(dir, 'state'), runs: join(dir, 'runs'), directory: join(dir, 'pages') };
  await prepareState(folders.state);
  writeManyRuns(folders.runs, count);
  const at = (...parts: readonly string[]) => join(folders.directory, ...parts);
  return { folders, at, page: (...parts: readonly string[]) => readFileSync(at(...parts), 'utf8') };
}

t.test('one more run changes its own recipe and the overview, and nothing else', async (t) => {
  const { folders, at, page } = await scene(t, 50);
  const publisher = publisherOf(folders);
  await publisher.overview();
  const before = ['ghost', 'drone'].map((recipe) => statSync(at('recipe', recipe, 'index.html')).mtimeMs);
  // Whoever read what is known again would find nothing any more.
  for (const run of ['gitea-20007', 'gitea-20032'])
    writeFileSync(join(folders.runs, run, 'results.json'), '');
  const story = storyOf('ghost', 60);
  writeRun(folders.runs, story);
  await publisher.run(viewOf(story));
  await publisher.idle();
  for (const run of ['gitea-20007', 'gitea-20032', 'gitea-20060'])
    t.match(page('recipe', 'ghost', 'index.html'), run);
  t.match(page('index.html'), '25 recipes');
  t.match(page('index.html'), 'runs/gitea-20060/');
  t.not(statSync(at('recipe', 'ghost', 'index.html')).mtimeMs, before[0]);
  t.equal(statSync(at('recipe', 'drone', 'index.html')).mtimeMs, before[1], 'not written again');
  t.same(publisher.said, []);
});

t.test('the next start makes the same bytes, and writes none of them', async (t) => {
  const { folders, at, page } = await scene(t, 30);
  await publisherOf(folders).overview();
  const [text, { mtimeMs }] = [page('index.html'), statSync(at('index.html'))];
  await publisherOf(folders).overview();
  t.equal(statSync(at('index.html')).mtimeMs, mtimeMs);
  rmSync(folders.directory, { recursive: true });
  await publisherOf(folders).overview();
  t.equal(page('index.html'), text, 'made from nothing');
});

t.test('what the janitor removed is gone from the pages; runs that cannot be seen are not', async (t) => {
  const { folders, at, page } = await scene(t, 25);
  const publisher = publisherOf(folders);
  await publisher.overview();
  t.ok(existsSync(at('badge', 'ghost.svg')));
  rmSync(join(folders.runs, 'gitea-20007'), { recursive: true });
  publisher.changed();
  await publisher.idle();
  t.notMatch(page('index.html'), 'ghost');
  t.notOk(existsSync(at('recipe', 'ghost')));
  t.notOk(existsSync(at('badge', 'ghost.svg')));
  rmSync(folders.runs, { recursive: true });
  await publisherOf(folders).overview();
  t.ok(existsSync(at('recipe', 'drone', 'index.html')), 'a disk that is not mounted');
});

t.test('a run of the replaced system is listed, has a page, and is not touched', async (t) => {
  const { folders, page } = await scene(t);
  const folder = join(folders.runs, '506');
  mkdirSync(folder);
  const results = { schema: 1, run_id: 506, recipe: 'drone', pr: '3', level: 5, finished: 1_781_309_502.5 };
  const stages = [{ name: 'install', status: 'pass', summary: 'it runs' }];
  writeFileSync(join(folder, 'results.json'), JSON.stringify({ ...results, stages }));
  chmodSync(folder, 0o555);
  const before = statSync(folder).mtimeMs;
  const publisher = publisherOf(folders);
  await publisher.overview();
  t.match(page('recipe', 'drone', 'index.html'), /runs\/506\/.*green, level 5/s);
  t.match(page('runs', '506', 'index.html'), 'it runs');
  t.match(page('runs', '506', 'results.json'), '"schema":1');
  t.match(page('badge', 'drone.svg'), 'level 5');
  t.equal(statSync(folder).mtimeMs, before);
  t.same(publisher.said, []);
});

t.test('what is broken or cannot be written is said, and the rest goes on', async (t) => {
  const { folders, at, page } = await scene(t, 25);
  writeFileSync(join(folders.runs, 'gitea-20001', 'results.json'), '{"schema": 3, "run_');
  mkdirSync(at('recipe'), { recursive: true });
  writeFileSync(at('recipe', 'ghost'), 'a file in the place of a folder');
  mkdirSync(at('runs', 'gitea-20002'), { recursive: true });
  mkdirSync(at('runs', 'gitea-20002', 'index.html'));
  const publisher = publisherOf(folders);
  await publisher.overview();
  const said = [...publisher.said];
  t.equal(said.length, 3, said.join('\n'));
  t.match(page('index.html'), '24 recipes');
  t.ok(existsSync(at('recipe', 'drone', 'index.html')));
  t.ok(existsSync(at('runs', 'gitea-20024', 'index.html')));
  rmSync(at('recipe', 'ghost'));
  publisher.changed();
  await publisher.idle();
  t.match(page('recipe', 'ghost', 'index.html'), 'gitea-20007', 'tried again with the next change');
});

t.test('a run by hand shows with its stage while it goes on, and in the list when it is over', async (t) => {
  const { folders, page } = await scene(t);
  let view = viewOf({}, 8);
  const publisher = publisherOf(folders, () => [view]);
  await publisher.overview();
  t.match(page('index.html'), /Running now.*ghost.*Nothing waits/s);
  t.match(page('index.html'), 'No run has finished yet');
  writeRun(folders.runs, {});
  view = viewOf();
  await publisher.run(view);
  await publisher.idle();
  t.match(page('index.html'), 'Nothing runs.');
  t.match(page('index.html'), `runs/${resultsExample.run_id}/`);
});
