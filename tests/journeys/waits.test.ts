/** What waits is looked at: poll, dedupe, stage and report as services run them; the stage's engine alone is none. */

import t from 'tap';
import { enrolment, shell } from '../support/journey/pipeline.ts';
import { maintainer, makeSite, organisation, type Site, type SiteRecipe } from '../support/journey/site.ts';
import { buildQuickStage } from '../support/quick-stage/build.ts';
import { holdRuns } from '../support/quick-stage/gates.ts';
import { previewVariable } from '../support/quick-stage/side.ts';
import { startUnits, type Unit } from '../support/quick-stage/units.ts';

const units: readonly Unit[] = [
  ['ccci-poll --interval-ms 200', 'ccci-dedupe --spool "$CCCI_TEST_STATE"'],
  ['ccci-stage --spool "$CCCI_TEST_STATE" --slots 1'],
  ['ccci-report --spool "$CCCI_TEST_STATE"'],
];
/** On any machine; how long it takes is said. */
const timeoutMs = 120_000;

const write = ({ forge }: Site, { name, pull }: SiteRecipe) =>
  forge.comment(organisation, name, pull, maintainer, '!testme');
const ours = ({ forge }: Site, { name, pull }: SiteRecipe) =>
  forge
    .comments(organisation, name, pull)
    .filter(({ user }) => user === 'ccci-bot')
    .map(({ body }) => body)
    .join('\n');

t.test(
  'while the only slot is busy, what waits shows lint, policy, plan, estimate and changes',
  async (t) => {
    const made = await makeSite({
      dir: t.testdir(),
      recipes: ['good', 'postgres-new-volume', 'hostile-host-mount'],
    });
    t.teardown(made.close);
    const bin = await buildQuickStage(`${made.dir}/quick`);
    const env = { ...made.env, PATH: `${bin}:${made.env.PATH}`, CCCI_TEST_STATE: made.state };
    const gates = holdRuns({ ...made, env: { ...env, [previewVariable]: 'yes' } });
    const { site } = gates;
    const [good, waits, refused] = site.recipes as [SiteRecipe, SiteRecipe, SiteRecipe];
    const saysSoon = (recipe: SiteRecipe, words: string | RegExp, what: string) =>
      site.forge.waitFor(() => ours(site, recipe).match(words) !== null, { what, timeoutMs });
    t.equal((await shell(site, enrolment)).exit, 0);
    const running = startUnits(site, units);
    t.teardown(running.stop);

    const earlier = write(site, good);
    await gates.begun(`gitea-${earlier.id}`);
    gates.open(`gitea-${earlier.id}`);
    await saysSoon(good, 'good passed', 'a run that an estimate can be made of');
    const busy = write(site, good);
    await gates.begun(`gitea-${busy.id}`);

    const startedAt = performance.now();
    write(site, waits);
    await saysSoon(waits, /\| lint \|/, 'what was found out of a trigger that waits');
    t.comment(`trigger to lint, policy, plan and changes: ${Math.round(performance.now() - startedAt)} ms`);
    for (const said of [
      'waits to be tested, place 1 in the queue',
      'A whole run takes about a minute',
      '| policy | ✅ passed |',
      /\| install \| ▫️ to come/,
      /\| upgrade \| ▫️ to come/,
      '**Volume `db` becomes `db2`: its data is left behind**',
    ])
      t.match(ours(site, waits), said);
    write(site, refused);
    await saysSoon(refused, 'Policy refuses this', 'a refusal, before its turn has come');
    t.match(ours(site, refused), 'place 2 in the queue');

    gates.openAll();
    await saysSoon(waits, 'postgres-new-volume passed', 'the verdict');
    await saysSoon(
      refused,
      'passed',
      'the verdict of a stage that refuses nothing: the first look decides nothing',
    );
    await running.stop();
    t.same(running.failures, [], 'no program ended by itself');
    t.same(site.forge.problems, [], 'the forge answered as Gitea does');
  },
);
