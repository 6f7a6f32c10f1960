import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inkOf, isBlank } from '@ccci/lib/pictures/ink.ts';
import { decodePng } from '@ccci/lib/pictures/png.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { enrolment, pipeline, shell } from '../support/journey/pipeline.ts';
import { maintainer, makeSite, organisation } from '../support/journey/site.ts';

await enterBox(import.meta.url);

const names = ['screenshot.png', 'screenshot-upgrade.png', 'summary.png'] as const;

t.test('a run has pictures of both deployments, a card and a badge, and they are published', async (t) => {
  const site = await makeSite({ dir: t.testdir(), recipes: ['good'] });
  t.teardown(site.close);
  const [recipe] = site.recipes;
  if (recipe === undefined) throw new Error('no recipe');
  const config = JSON.parse(readFileSync(site.configFile, 'utf8'));
  const stage = { screenshots: true, card: true, screenshotMs: 300_000 };
  writeFileSync(site.configFile, JSON.stringify({ ...config, stage }));
  // After the upgrade the app greets with other words than after the install.
  const settings = join(site.dir, 'tests', 'good', 'recipe.yml');
  writeFileSync(settings, `${readFileSync(settings, 'utf8')}\nupgrade: { env: { GREETING: Hello again } }\n`);
  t.equal((await shell(site, enrolment)).exit, 0);
  const { id } = site.forge.comment(organisation, recipe.name, recipe.pull, maintainer, '!testme');
  const run = await shell(site, pipeline);
  t.equal(run.exit, 0, run.stderr);

  const dir = join(site.runs, `gitea-${id}`);
  const results = JSON.parse(readFileSync(join(dir, 'results.json'), 'utf8')) as Results;
  const said = run.records.filter(({ tool }) => tool === 'screenshot' || tool === 'card');
  t.match(
    results,
    { verdict: 'green', screenshot: names[0], screenshot_upgrade: names[1], summary_card: names[2] },
    'the results name the pictures',
    { said, stages: results.stages.map(({ name, summary }) => [name, summary]) },
  );
  t.same(said, [], 'there was nothing to say about them');
  t.ok(existsSync(join(dir, 'badge.svg')));
  t.notOk(existsSync(join(dir, 'work')));

  const published = names.map((name) => readFileSync(join(site.pages, 'runs', `gitea-${id}`, name)));
  const [first, second, card] = published.map((bytes) => decodePng(bytes));
  for (const one of [first, second]) {
    t.same([one?.width, one?.height], [1280, 800]);
    t.notOk(one === undefined || isBlank(inkOf(one)), 'something is to be seen');
  }
  const areSame = Buffer.from(first?.rgb ?? []).equals(second?.rgb ?? new Uint8Array());
  t.notOk(areSame, 'each shows what ran then');
  t.same([card?.width, card?.height], [1200, 630]);
});
