import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hookNames } from '@ccci/lib/plan/hooks.ts';
import { notDone } from '@ccci/lib/plan/not-done.ts';
import { defaultSettings } from '@ccci/lib/recipe/settings.ts';
import t from 'tap';

const stages = join(import.meta.dirname, '../../../lib/stages');

t.test('L53 a setting that nothing heeds is named', async (t) => {
  t.same(notDone(defaultSettings), []);
  t.same(notDone({ ...defaultSettings, screenshot: '/front' }), [
    'recipe.yml: screenshot: this version of ccci does not heed it',
  ]);
});

t.test('L53 every hook that is known is called by a stage', async (t) => {
  const code = readdirSync(stages)
    .map((file) => readFileSync(join(stages, file), 'utf8'))
    .join('');
  const called = [...code.matchAll(/(?:callHook|hookOutcome)\(\s*[\w.]+,\s*['`]([a-z-]+)/g)].map(([, name]) =>
    String(name),
  );
  for (const name of hookNames) {
    const wanted = name.startsWith('pre-') ? 'pre-' : name;
    t.ok(called.includes(wanted), `a stage calls ${name}`);
  }
});
