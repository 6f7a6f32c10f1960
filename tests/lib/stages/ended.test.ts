import { endedBy, endedFromOutside } from '@ccci/lib/stages/ended.ts';
import t from 'tap';

t.test('why a run ended', async (t) => {
  const open = new AbortController();
  t.equal(endedBy(open.signal), null);
  open.abort({ verdict: 'superseded', why: 'a newer trigger' });
  t.same(endedBy(open.signal), { verdict: 'superseded', why: 'a newer trigger' });
  t.match(endedBy(AbortSignal.abort(new Error('lost'))), { verdict: 'interrupted', why: /lost/ });
});

t.test('a stop of the service and the run’s own limit are no verdict', async (t) => {
  for (const verdict of ['given-back', 'over-time', 'over-quota'] as const)
    t.equal(endedFromOutside({ verdict, why: 'x' }), null);
  t.equal(endedFromOutside(null), null);
  t.same(endedFromOutside({ verdict: 'superseded', why: 'x' }), { verdict: 'superseded', why: 'x' });
});
