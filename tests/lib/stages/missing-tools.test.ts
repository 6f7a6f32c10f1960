import type { PlannedTest } from '@ccci/lib/records/plan.ts';
import { planExample } from '@ccci/lib/records/plan.ts';
import { missingTools, type Tools } from '@ccci/lib/stages/missing-tools.ts';
import t from 'tap';

const stages = (['install', 'backup', 'restore', 'custom'] as const).map((name) => ({
  ...{ name, does: 'run' as const, reason: null },
}));
const file = (name: string, runner: PlannedTest['runner']): PlannedTest => ({
  ...{ stage: 'custom', file: name, runner, origin: 'operator' },
});
const plan = { ...planExample, stages, hooks: [], tests: [file('custom/test_a.py', 'pytest')] };
const all: Tools = { restic: 'restic 0.18', bubblewrap: '0.8', node: '24.1.0', hasPytest: async () => true };

t.test('nothing is said where nothing is missing, or where nobody looked', async (t) => {
  t.same(await missingTools(plan, all), []);
  t.same(await missingTools(plan, { node: '24.1.0', hasPytest: async () => true }), []);
});

t.test('each tool with what will not be run, and what to install', async (t) => {
  t.same(await missingTools(plan, { ...all, restic: null }), [
    'backup and restore will not be run: restic is not on the PATH (install restic)',
  ]);
  t.same(await missingTools(plan, { ...all, hasPytest: async () => false }), [
    'custom/test_a.py will not be run: no python3 here has pytest (install pytest)',
  ]);
  t.same(await missingTools(plan, { ...all, bubblewrap: null, hasPytest: async () => false }), [
    'tests will not be run: bwrap is not on the PATH (install bubblewrap)',
  ]);
  const typescript = {
    ...plan,
    tests: [file('custom/a.test.ts', 'node'), file('custom/b.test.mjs', 'node')],
  };
  t.match(await missingTools(typescript, { ...all, node: '20.19.0' }), [
    /^custom\/a\.test\.ts will not be run/,
  ]);
});

t.test('what is not planned is not missed', async (t) => {
  const none = { ...plan, stages: stages.filter(({ name }) => name === 'install') };
  t.same(
    await missingTools(none, { ...all, restic: null, bubblewrap: null, hasPytest: async () => false }),
    [],
  );
});
