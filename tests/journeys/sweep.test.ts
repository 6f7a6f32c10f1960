import { join } from 'node:path';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { readResults } from '@ccci/lib/runs/results.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { shell } from '../support/journey/pipeline.ts';
import { makeSite, organisation } from '../support/journey/site.ts';

await enterBox(import.meta.url);

const rest = 'ccci-dedupe | ccci-stage | ccci-report';
const ofType = (records: readonly AnyRecord[], type: string) => records.filter((one) => one.type === type);

t.test('a sweep of the tips, to green verdicts; what is green is not tested again', async (t) => {
  const site = await makeSite({ dir: t.testdir(), recipes: ['good', 'no-tests'] });
  t.teardown(site.close);
  const first = await shell(site, `ccci-sweep | ${rest}`);
  t.equal(first.exit, 0, first.stderr);
  const keys = ofType(first.records, 'trigger').map(({ key }) => String(key));
  t.match(keys, [/^sweep-\d{8}-good$/, /^sweep-\d{8}-no-tests$/]);
  for (const key of keys) {
    t.match(
      await readResults(site.runs, key),
      { kind: 'sweep', scope: 'full', verdict: 'green', pr: null },
      key,
    );
  }
  for (const { name, pull } of site.recipes)
    t.same(site.forge.comments(organisation, name, pull), [], 'nothing is posted about a tip');

  const second = await shell(site, `ccci-sweep --again | ${rest}`);
  t.equal(second.exit, 0, second.stderr);
  t.same(ofType(second.records, 'trigger'), []);
  t.match(
    second.stderr,
    /recipes\/good is left out: [0-9a-f]{12} is unchanged since it was green in run sweep-/,
  );
  t.match(second.stderr, /0 triggers .* left out: 2 unchanged; --all tests what is unchanged too/);

  const pulls = await shell(site, `ccci-sweep --of pulls --only good | ${rest}`);
  t.equal(pulls.exit, 0, pulls.stderr);
  const [pull] = ofType(pulls.records, 'trigger');
  t.match(pull, { key: /^sweep-\d{8}-good-pr1$/, ref: site.recipes[0]!.head });
  t.match(await readResults(site.runs, String(pull?.key)), { kind: 'pull', pr: '1', verdict: 'green' });
  t.equal(site.forge.comments(organisation, 'good', 1).length, 1, 'the pull request is answered');
  t.match(site.forge.statuses(organisation, 'good', site.recipes[0]!.head).at(-1), { state: 'success' });
  t.same(site.forge.problems, []);
});

t.test('a sweep through the spool is taken from there', async (t) => {
  const site = await makeSite({ dir: t.testdir(), recipes: ['good'] });
  t.teardown(site.close);
  const handed = await shell(site, `ccci-sweep --quick --spool ${site.state}`);
  t.equal(handed.exit, 0, handed.stderr);
  t.same(handed.records, []);
  t.match(handed.stderr, new RegExp(`1 handed in to ${join(site.state, 'in', 'ready')}`));
  const stored = await shell(site, `cat ${site.state}/in/ready/* | ${rest}`);
  t.equal(stored.exit, 0, stored.stderr);
  const [finished] = ofType(stored.records, 'run.finished');
  t.match(finished, { key: /^sweep-\d{8}-good$/, kind: 'sweep', scope: 'partial', verdict: 'green' });
  const next = await shell(site, 'ccci-sweep --again');
  t.equal(ofType(next.records, 'trigger').length, 1, 'a partial run makes nothing unchanged');
});
