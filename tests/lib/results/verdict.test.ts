import type { Cause, StageName } from '@ccci/lib/records/common.ts';
import { buildResults } from '@ccci/lib/results/build.ts';
import t from 'tap';
import { facts, plan, row, rows } from './facts.ts';

const fail = (name: StageName, cause: Cause) => rows({ [name]: row(name, 'fail', { cause }) });

t.test('every cause of failure to its verdict', async (t) => {
  const table: readonly (readonly [StageName, Cause, string])[] = [
    ['checkout', 'infra', 'infra'],
    ['policy', 'policy', 'incomplete'],
    ['policy', 'recipe', 'red'],
    ['pull', 'infra', 'infra'],
    ['pull', 'recipe', 'red'],
    ['install', 'recipe', 'red'],
    ['install', 'infra', 'infra'],
    ['upgrade', 'recipe', 'red'],
    ['upgrade', 'infra', 'infra'],
    ['backup', 'recipe', 'red'],
    ['restore', 'recipe', 'red'],
    ['custom', 'recipe', 'red'],
    ['lint', 'recipe', 'green'],
    ['lint', 'infra', 'green'],
  ];
  for (const [name, cause, verdict] of table) {
    t.equal(buildResults(facts({ stages: fail(name, cause) })).verdict, verdict, `${name} ${cause}`);
  }
});

t.test('leftovers never change a verdict', async (t) => {
  const teardown = row('teardown', 'fail', { cause: 'infra', on: null });
  const flags = { clean_teardown: false, no_secret_leak: true };
  t.equal(buildResults(facts({ stages: [...rows(), teardown], flags })).verdict, 'green');
});

t.test('the first row of the table that fits', async (t) => {
  const both = rows({ upgrade: row('upgrade', 'fail'), pull: row('pull', 'fail', { cause: 'infra' }) });
  t.equal(buildResults(facts({ stages: both })).verdict, 'infra', 'infra before red');
  const mixed = rows({ upgrade: row('upgrade', 'fail'), custom: null });
  t.equal(buildResults(facts({ stages: mixed })).verdict, 'red', 'incomplete only when nothing failed');
  for (const verdict of ['cancelled', 'superseded', 'interrupted'] as const) {
    const ended = { verdict, why: 'cancelled by ana' };
    t.match(buildResults(facts({ stages: both, ended })), { verdict, reason: 'cancelled by ana' });
  }
});

t.test('L15 an aborted run is never green', async (t) => {
  t.equal(buildResults(facts({ stages: [] })).verdict, 'incomplete');
  t.equal(buildResults(facts({ stages: [row('checkout'), row('install')] })).verdict, 'incomplete');
  const empty = facts({ stages: [], plan: plan({}, { stages: [], scope: 'partial' }), scope: 'partial' });
  t.match(buildResults(empty), { verdict: 'incomplete', reason: 'nothing was tested' }, 'L50');
});

t.test('a later attempt counts', async (t) => {
  const again = [row('pull', 'fail', { cause: 'infra' }), ...rows()];
  t.equal(buildResults(facts({ stages: again })).verdict, 'green');
});

t.test('the reason is a sentence in the words of people', async (t) => {
  const reason = (stages: ReturnType<typeof rows>) => buildResults(facts({ stages })).reason;
  t.equal(
    reason(rows({ upgrade: row('upgrade', 'fail'), custom: row('custom', 'fail') })),
    'upgrade and custom tests failed',
  );
  t.equal(reason(fail('policy', 'policy')), 'refused by policy: summary of policy');
  t.equal(reason(fail('pull', 'infra')), 'image pull could not be carried out: summary of pull');
  const needs = [row('needs', 'fail', { summary: 'keycloak was not ready' })];
  t.equal(reason(needs), 'dependencies did not run: keycloak was not ready');
});
