import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { notDone } from '@ccci/lib/plan/not-done.ts';
import { defaultSettings } from '@ccci/lib/recipe/settings.ts';
import t from 'tap';

const stages = join(import.meta.dirname, '../../../lib/stages');

t.test('L53 a hook or setting that nothing heeds is named', async (t) => {
  t.same(notDone([], defaultSettings), []);
  const settings = { ...defaultSettings, deployments: 1 as const };
  t.same(notDone([{ name: 'seed' }, { name: 'pre-install' }], settings), [
    'hooks/pre-install: this version of ccci does not call it',
    'recipe.yml: deployments: 1: this version of ccci does not heed it',
  ]);
});

t.test('the hooks that count as called are those that the stages call', async (t) => {
  const code = readdirSync(stages).map((file) => readFileSync(join(stages, file), 'utf8'));
  const calls = [...code.join('').matchAll(/callHook\(context, '([a-z-]+)'/g)].map(([, name]) =>
    String(name),
  );
  t.ok(calls.length > 0);
  t.same(
    notDone(
      calls.map((name) => ({ name })),
      defaultSettings,
    ),
    [],
    'all of them are',
  );
  const names = ['install', 'seed', 'mutate', 'check', 'backup-verify', 'ready', 'provide', 'revoke'];
  const all = [
    ...names,
    ...['install', 'upgrade', 'backup', 'restore', 'custom', 'lint'].map((one) => `pre-${one}`),
  ];
  const uncalled = all.filter((name) => !calls.includes(name));
  t.equal(
    notDone(
      uncalled.map((name) => ({ name })),
      defaultSettings,
    ).length,
    uncalled.length,
    'no other is',
  );
});
