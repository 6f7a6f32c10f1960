import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLookedOver, writeLookedOver } from '@ccci/lib/state/looked-over.ts';
import t from 'tap';

t.test('what was looked over is remembered, and nothing was before anybody began', async (t) => {
  const state = t.testdir({});
  t.equal(await readLookedOver(state), undefined);
  await writeLookedOver(state, {});
  t.same(await readLookedOver(state), {});
  await writeLookedOver(state, { 'gitea/org': '2026-11-23T10:15:00Z' });
  t.same(await readLookedOver(state), { 'gitea/org': '2026-11-23T10:15:00Z' });
});

t.test('a file of another shape is an error that says what to do', async (t) => {
  const state = t.testdir({});
  writeFileSync(join(state, 'looked-over.json'), '{"gitea/org":true}');
  await t.rejects(readLookedOver(state), { status: 74, code: 'damaged-file', hint: /write \{\}/ });
});
