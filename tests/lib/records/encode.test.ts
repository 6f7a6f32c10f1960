import { cutText, encodeLine, stamp } from '@ccci/lib/records/encode.ts';
import fc from 'fast-check';
import t from 'tap';

const stamping = { by: 'ccci-x/1', now: () => new Date('2026-11-23T10:15:00.123Z') };

t.test('stamp', async (t) => {
  const record = stamp({ type: 'x', b: 1, a: 2 }, stamping);
  t.equal(
    JSON.stringify(record),
    '{"type":"x","v":1,"at":"2026-11-23T10:15:00.123Z","by":"ccci-x/1","b":1,"a":2}',
    'type first, then the stamp, then the fields as they came',
  );
  t.equal(
    JSON.stringify(stamp({ b: 1, by: 'hand', type: 'x' } as { type: string }, stamping)),
    '{"type":"x","v":1,"at":"2026-11-23T10:15:00.123Z","by":"hand","b":1}',
    'what the fields say wins, in the same place',
  );
});

t.test('cutText on borders of characters', async (t) => {
  t.same(cutText('', 0), { text: '', cut: 0 });
  t.same(cutText('abc', 3), { text: 'abc', cut: 0 });
  t.same(cutText('abc', 2), { text: 'ab', cut: 1 });
  t.same(cutText('abc', 0), { text: '', cut: 3 });
  for (const [character, size] of [
    ['ü', 2],
    ['€', 3],
    ['😀', 4],
  ] as const) {
    for (let limit = 1; limit < 1 + size; limit += 1) {
      t.same(cutText(`a${character}b`, limit), { text: 'a', cut: size + 1 }, `${character} at ${limit}`);
    }
    t.same(cutText(`a${character}b`, 1 + size), { text: `a${character}`, cut: 1 });
  }
});

t.test('cutText: never longer, never broken, nothing uncounted', async (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, limit) => {
      const { text: kept, cut } = cutText(text, limit);
      const size = Buffer.byteLength(kept);
      return size <= limit + 0 && size + cut === Buffer.byteLength(text) && text.startsWith(kept);
    }),
  );
  t.pass('for any text and limit');
});

t.test('encodeLine is one line, whatever is in it', async (t) => {
  const line = encodeLine({ type: 'x', text: 'a\nb\r\u2028 ü' });
  t.equal(line.indexOf('\n'), line.length - 1);
  t.same(JSON.parse(line), { type: 'x', text: 'a\nb\r\u2028 ü' });
});
