import { columnsOf, fit, wrap } from '@ccci/lib/pages/width.ts';
import fc from 'fast-check';
import t from 'tap';

t.test('wide letters take two columns, accents none', async (t) => {
  t.equal(columnsOf('abc'), 3);
  t.equal(columnsOf('中文版'), 6);
  t.equal(columnsOf('한국어かなカナＡ'), 16);
  t.equal(columnsOf('é'), 1, 'an accent of its own');
  t.equal(columnsOf('✅'), 2);
  t.equal(columnsOf('✓ … –'), 5);
});

t.test('what does not fit is cut or broken, wide letters whole', async (t) => {
  t.equal(fit('中文版本', 8), '中文版本');
  t.equal(fit('中文版本', 7), '中文版…');
  t.equal(fit('中文版本', 6), '中文…');
  t.same(wrap('one two three', 7), ['one two', 'three']);
  t.same(wrap('中文版本 x', 5), ['中文', '版本', 'x']);
  t.same(wrap('', 5), ['']);
});

t.test('no line is too long, and nothing is lost', async (t) => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '中', 'é', '✅', '-') });
  fc.assert(
    fc.property(text, fc.integer({ min: 3, max: 30 }), (one, columns) => {
      const lines = wrap(one, columns);
      const same = lines.join('').replaceAll(' ', '') === one.replaceAll(' ', '');
      return (
        same && lines.every((line) => columnsOf(line) <= columns) && columnsOf(fit(one, columns)) <= columns
      );
    }),
    { numRuns: 1_000 },
  );
  t.pass('for any text');
});
