import { exampleHash } from '@ccci/lib/records/common.ts';
import { planExample } from '@ccci/lib/records/plan.ts';
import { resultsSchema } from '@ccci/lib/records/results.ts';
import { buildResults } from '@ccci/lib/results/build.ts';
import t from 'tap';
import { facts, other, plan, row, rows } from './facts.ts';

t.test('a run in which all passed is green at level 5', async (t) => {
  const results = buildResults(facts());
  t.match(results, {
    verdict: 'green',
    level: 5,
    exercised: 5,
    ref: exampleHash.slice(0, 12),
    pr: '3',
    base: '6.0.2+5.8.0',
  });
  t.ok(resultsSchema.safeParse(results).success);
});

t.test(
  'L33 a failed upgrade is a row with its reason, and level 1 with the other rungs passed',
  async (t) => {
    const failed = row('upgrade', 'fail', { on: other, summary: 'upgrade did not land' });
    const results = buildResults(facts({ stages: rows({ upgrade: failed }) }));
    t.match(results, { verdict: 'red', reason: 'upgrade failed', level: 1, exercised: 5 });
    t.match(results.rungs, { upgrade: 'fail', backup_restore: 'pass', functional: 'pass', lint: 'pass' });
    t.equal(results.stages.find((stage) => stage.name === 'upgrade')?.summary, 'upgrade did not land');
  },
);

t.test('a row whose commit is not the one under test never passes a rung (L30)', async (t) => {
  for (const on of [other, other.slice(0, 12), null]) {
    for (const name of ['install', 'upgrade', 'backup', 'restore', 'custom'] as const) {
      const { results, verdict } = buildResults(
        facts({ stages: rows({ [name]: row(name, 'pass', { on }) }) }),
      );
      t.equal(results[name], 'unver', `${name} on ${on}`);
      t.equal(verdict, 'incomplete', `${name} on ${on}`);
    }
  }
  const cut = row('upgrade', 'pass', { on: exampleHash.slice(0, 12) });
  t.equal(buildResults(facts({ stages: rows({ upgrade: cut }) })).level, 5, '12 digits are enough');
  const linted = row('lint', 'pass', { on: null });
  t.equal(
    buildResults(facts({ stages: rows({ lint: linted }) })).rungs.lint,
    'pass',
    'lint has no running tasks',
  );
});

t.test('installing the base is preparation and no rung', async (t) => {
  const base = row('install', 'pass', { on: other });
  t.equal(buildResults(facts({ stages: [...rows(), base] })).rungs.install, 'pass');
  t.equal(buildResults(facts({ stages: [...rows({ install: null }), base] })).rungs.install, 'unver');
});

t.test('backup and restore are one rung: the worse of the two', async (t) => {
  const rung = (backup: string, restore: string) =>
    buildResults(
      facts({
        stages: rows({ backup: row('backup', backup as 'pass'), restore: row('restore', restore as 'pass') }),
      }),
    ).rungs.backup_restore;
  t.equal(rung('pass', 'fail'), 'fail');
  t.equal(rung('fail', 'skip'), 'fail');
  t.equal(rung('unver', 'pass'), 'unver');
  t.equal(rung('skip', 'unver'), 'unver');
  t.equal(rung('skip', 'skip'), 'skip');
  t.equal(rung('pass', 'pass'), 'pass');
});

t.test('L15 L53 what was planned and has no row is not run, and the run is not green', async (t) => {
  const results = buildResults(facts({ stages: rows({ custom: null }) }));
  t.match(results, { verdict: 'incomplete', level: 3, reason: /custom tests did not run/ });
  t.same(results.skips.unintentional, [{ name: 'custom', reason: 'planned, but it did not run' }]);
});

t.test('no custom tests written is a gap: level 3, green', async (t) => {
  const gap = plan({ custom: 'unver' }, { tests: [] });
  const results = buildResults(facts({ plan: gap, stages: rows({ custom: null }) }));
  t.match(results, { verdict: 'green', level: 3, exercised: 4, rungs: { functional: 'unver' } });
});

t.test('L38 a base that cannot be installed leaves upgrade not run: incomplete', async (t) => {
  const upgrade = row('upgrade', 'unver', { on: null, summary: 'the base 6.0.2 could not be installed' });
  const results = buildResults(facts({ stages: rows({ upgrade }) }));
  t.match(results, {
    verdict: 'incomplete',
    level: 1,
    reason: 'upgrade did not run: the base 6.0.2 could not be installed',
  });
});

t.test('skips are listed with their reason', async (t) => {
  const skipping = plan({ backup: 'skip', restore: 'skip' });
  const results = buildResults(facts({ plan: skipping, stages: rows({ backup: null, restore: null }) }));
  t.match(results, { verdict: 'green', level: 5, exercised: 4, rungs: { backup_restore: 'skip' } });
  t.same(results.skips.intentional, { backup: 'why backup is skip', restore: 'why restore is skip' });
});

t.test('lint lowers the level, never the verdict, and is never skipped', async (t) => {
  t.match(buildResults(facts({ stages: rows({ lint: row('lint', 'fail') }) })), {
    verdict: 'green',
    level: 4,
  });
  const skipping = facts({ plan: plan({ lint: 'skip' }), stages: rows({ lint: null }) });
  t.match(buildResults(skipping), { verdict: 'green', level: 4, rungs: { lint: 'unver' } });
});

t.test('the lint report is told in numbers', async (t) => {
  const rule = (status: 'pass' | 'fail' | 'skip', level: 'warn' | 'error' = 'error') => ({ status, level });
  const lint = {
    rules: [rule('pass'), rule('fail'), rule('fail', 'warn'), rule('skip')],
    rulesFailed: ['R011'],
  };
  const results = buildResults(facts({ lint, stages: rows({ lint: row('lint', 'fail') }) }));
  t.same(results.lint, {
    status: 'fail',
    detail: '1 rules passed, 1 failed, 1 warning, 1 skipped',
    rules_failed: ['R011'],
  });
});

t.test('a partial run has no level, and what nobody asked for is not missing', async (t) => {
  const asked = plan({}, { scope: 'partial', stages: [{ name: 'install', does: 'run', reason: null }] });
  const results = buildResults(facts({ scope: 'partial', plan: asked, stages: [row('install')] }));
  t.match(results, { verdict: 'green', level: null, rungs: { upgrade: 'skip', lint: 'skip' } });
});

t.test('a checkout with uncommitted files says so', async (t) => {
  const trigger = { ...planExample.trigger, worktree: true };
  t.equal(buildResults(facts({ plan: plan({}, { trigger }) })).ref, `${exampleHash.slice(0, 12)}+U`);
});

t.test('what the checkout saw counts more than what the trigger says', async (t) => {
  t.match(buildResults(facts({ dirty: true })).ref, /\+U$/);
});

t.test('thousands of long messages still fit into one record, and what is cut is said', async (t) => {
  const test = { name: 'x', status: 'fail' as const, ms: 1, file: null, message: 'é'.repeat(5000) };
  const short = buildResults(facts({ stages: rows({ custom: row('custom', 'fail', { tests: [test] }) }) }));
  t.match(short.stages.at(-1)?.tests[0], { message: 'é'.repeat(1024), cut: 10000 - 2048 });
  const tests = Array.from({ length: 20_000 }, () => test);
  const results = buildResults(facts({ stages: rows({ custom: row('custom', 'fail', { tests }) }) }));
  t.ok(JSON.stringify(results).length < 1024 * 1024);
  t.equal(results.stages.at(-1)?.tests_left_out, 19_900);
});
