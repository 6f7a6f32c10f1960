import { makeMasker } from '@ccci/lib/runs/mask.ts';
import { maskAll } from '@ccci/lib/runs/mask-all.ts';
import t from 'tap';

t.test('every text of a value is masked, and nothing else changes', async (t) => {
  const masker = makeMasker();
  masker.add('hunter2hunter2');
  const value = { a: ['x hunter2hunter2', 1, null, { b: true, c: 'hunter2hunter2' }], d: 'plain' };
  t.same(maskAll(value, masker), { a: ['x ***', 1, null, { b: true, c: '***' }], d: 'plain' });
});
