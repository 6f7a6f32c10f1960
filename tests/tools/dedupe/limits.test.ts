/** How much one person may ask for: security.md, comments as denial of service. */
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { claim } from '@ccci/lib/state/claim.ts';
import { listQueue } from '@ccci/lib/state/queue.ts';
import t from 'tap';
import { onPull, stamping } from '../../lib/state/scene.ts';
import { optionsOf, run, shown } from './scene.ts';

const by = (author: string, id: number, pull = id): AnyRecord => {
  const trigger = onPull(pull, id);
  return { ...trigger, comment: { ...(trigger.comment as object), author } };
};
const limits = { waitingPerPerson: 2, runsPerDay: 30 };

t.test('so many triggers of one person wait at a time; others are not held up', async (t) => {
  const state = t.testdir();
  const input = [by('ana', 1), by('ana', 2), by('ANA', 3), by('bo', 4), by('ana', 5)];
  const out = await run(optionsOf(state, { limits }), ...input);
  t.same(shown(out), [
    'trigger gitea-1',
    'trigger gitea-2',
    'drop gitea-3 limit',
    'trigger gitea-4',
    'drop gitea-5 limit',
  ]);
  t.match(out[4], { detail: /^ana has 2 triggers waiting on other pull requests, and 2 may wait/ });
  t.equal((await listQueue(state, 'done')).length, 2, 'a refusal is judged for ever');
});

t.test('what is claimed waits no more', async (t) => {
  const state = t.testdir();
  await run(optionsOf(state, { limits }), by('ana', 1), by('ana', 2));
  const claimed = await claim(state, '20261123T100001Z-gitea-1', { stamping });
  const out = await run(optionsOf(state, { limits }), by('ana', 3), by('ana', 4));
  t.same(shown(out), ['trigger gitea-2', 'trigger gitea-3', 'drop gitea-4 limit']);
  claimed?.release();
});

t.test('on one pull request the newer takes the older one’s place, so it is no further one', async (t) => {
  const state = t.testdir();
  const newer = { ...by('ana', 3, 1), ref: 'f'.repeat(40) };
  const out = await run(optionsOf(state, { limits }), by('ana', 1), by('ana', 2), newer);
  t.same(shown(out), ['trigger gitea-1', 'trigger gitea-2', 'trigger gitea-3', 'drop gitea-1 superseded']);
});

t.test('so many in a day, by the time of the comments, over restarts', async (t) => {
  const state = t.testdir();
  const daily = { limits: { waitingPerPerson: 100, runsPerDay: 3 } };
  const at = (hours: number, id: number) => {
    const trigger = by('ana', id);
    const created = new Date(Date.UTC(2026, 10, 23, hours)).toISOString();
    return { ...trigger, comment: { ...(trigger.comment as object), created } };
  };
  await run(optionsOf(state, daily), at(0, 1), at(1, 2), at(2, 3));
  const out = await run(optionsOf(state, daily), at(3, 4), at(24, 5), by('bo', 6));
  t.same(shown(out).slice(3), ['drop gitea-4 limit', 'trigger gitea-5', 'trigger gitea-6']);
  t.match(out[3], { detail: /^ana has had 3 triggers in 24 hours, and 3 are allowed/ });
});

t.test('nobody wrote a sweep, so nobody is counted for it', async (t) => {
  const state = t.testdir();
  const sweeps = [1, 2, 3, 4].map((id) => {
    const { comment: _comment, ...rest } = by('ana', id);
    return { ...rest, key: `sweep-20261123-r${id}`, source: 'sweep' };
  });
  const out = await run(optionsOf(state, { limits }), ...sweeps);
  t.ok(out.every(({ type }) => type === 'trigger'));
});
