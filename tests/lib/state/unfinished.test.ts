import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claim } from '@ccci/lib/state/claim.ts';
import { unfinished } from '@ccci/lib/state/unfinished.ts';
import t from 'tap';
import { stamping, stateWith, triggerOf } from './scene.ts';

async function keysOf(state: string): Promise<unknown[]> {
  const keys: unknown[] = [];
  for await (const { key } of unfinished({ state, runs: join(state, 'runs') })) keys.push(key);
  return keys;
}

t.test('L16 what waits and what died comes out again, what is held or has its result does not', async (t) => {
  const state = t.testdir();
  const files = await stateWith(state, ...[1, 2, 3, 4, 5].map((id) => triggerOf(id, 60 - id)));
  const claims = [];
  for (const index of [0, 1, 2, 3]) claims.push(await claim(state, files[index] ?? '', { stamping }));
  const [held, dead, judged, done] = claims;
  dead?.release();
  mkdirSync(join(state, 'runs', judged?.run ?? ''), { recursive: true });
  writeFileSync(join(state, 'runs', judged?.run ?? '', 'results.json'), '{}');
  judged?.release();
  await done?.commit(() => ({ type: 'run.finished' }));
  t.strictSame(await keysOf(state), ['gitea-5', 'gitea-2'], 'oldest comment first');
  held?.release();
  t.strictSame(await keysOf(state), ['gitea-5', 'gitea-2', 'gitea-1']);
});

t.test('the result of an earlier attempt does not count', async (t) => {
  const state = t.testdir();
  const [file = ''] = await stateWith(state, triggerOf(1));
  (await claim(state, file, { stamping }))?.release();
  mkdirSync(join(state, 'runs/gitea-1'), { recursive: true });
  writeFileSync(join(state, 'runs/gitea-1/results.json'), '{}');
  t.strictSame(await keysOf(state), []);
  (await claim(state, file, { stamping }))?.release();
  t.strictSame(await keysOf(state), ['gitea-1']);
});
