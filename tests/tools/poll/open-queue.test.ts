import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cancelExample } from '@ccci/lib/records/cancel.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import t from 'tap';
import { openQueue } from '../../../tools/poll/open-queue.ts';
import { byPull, triggersOf } from '../../../tools/poll/queued-work.ts';

t.test('what waits and runs, and nothing is written', async (t) => {
  const state = t.testdir();
  const warnings: string[] = [];
  const log = { info: () => {}, error: () => {}, warning: (message: string) => warnings.push(message) };
  const read = openQueue(state, log);
  t.same(await read(), { waiting: [], running: [] }, 'no state yet');

  for (const folder of ['accepted', 'queue/new', 'queue/cur'])
    mkdirSync(join(state, folder), { recursive: true });
  const put = (folder: string, id: number, content: string) => {
    const name = `20261123T101500Z-gitea-${id}`;
    writeFileSync(join(state, 'accepted', `${name}.json`), content);
    writeFileSync(join(state, 'queue', folder, `${name}.ndjson`), '');
    return join(state, 'queue', folder, `${name}.ndjson`);
  };
  put('new', 1, JSON.stringify({ ...triggerExample, key: 'gitea-1' }));
  put('new', 2, JSON.stringify(cancelExample));
  put('cur', 3, JSON.stringify({ ...triggerExample, key: 'gitea-3' }));
  const work = await read();
  t.same(
    triggersOf(work.waiting).map(({ key }) => key),
    ['gitea-1'],
    'a cancel is no trigger',
  );
  t.match(byPull(work).get('gitea/recipes/ghost#3'), [{ key: 'gitea-1' }, { key: 'gitea-3' }]);

  const damaged = put('new', 4, '{');
  t.same(await read(), { waiting: [], running: [] }, 'polling goes on');
  await read();
  t.match(warnings, [/^the queue is not watched: .* is not JSON/]);
  t.equal(warnings.length, 1, 'said once');
  rmSync(damaged);
  t.equal((await read()).waiting.length, 2);
});
