import { isQueueName, keyOf, queueName } from '@ccci/lib/state/names.ts';
import t from 'tap';
import { triggerOf } from './scene.ts';

t.test('when the comment was created, and the key; the same from every source', async (t) => {
  const poll = triggerOf(14497, 58);
  const file = queueName(poll);
  t.equal(file, '20261123T100058Z-gitea-14497');
  t.equal(queueName({ ...poll, source: 'hook', at: '2026-11-23T12:00:00.000Z' }), file);
  t.equal(keyOf(file), 'gitea-14497');
  t.ok(isQueueName(file));
});

t.test('a zone other than UTC is the same instant', async (t) => {
  const record = { type: 'drop', key: 'gitea-1', comment: { created: '2026-11-23T12:00:58+02:00' } };
  t.equal(queueName(record), '20261123T100058Z-gitea-1');
});

t.test('a sweep has no comment: when it was written', async (t) => {
  const sweep = { type: 'trigger', key: 'sweep-20261123-ghost', at: '2026-11-23T03:00:00.000Z' };
  t.equal(queueName(sweep), '20261123T030000Z-sweep-20261123-ghost');
});

t.test('no path can be smuggled in', async (t) => {
  for (const name of [
    '',
    '..',
    '../id',
    'x/20261123T100058Z-a',
    '20261123T100058Z-a/b',
    '20261123T100058Z-A',
  ]) {
    t.notOk(isQueueName(name), name);
  }
});
