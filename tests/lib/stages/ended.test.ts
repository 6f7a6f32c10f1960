import { endedBy } from '@ccci/lib/stages/ended.ts';
import t from 'tap';

t.test('why a run ended', async (t) => {
  const open = new AbortController();
  t.equal(endedBy(open.signal), null);
  open.abort({ verdict: 'superseded', why: 'a newer trigger' });
  t.same(endedBy(open.signal), { verdict: 'superseded', why: 'a newer trigger' });
  t.match(endedBy(AbortSignal.abort(new Error('lost'))), { verdict: 'interrupted', why: /lost/ });
});
