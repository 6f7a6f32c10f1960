import assert from 'node:assert/strict';
import { makeKeySet } from '@ccci/lib/state/key-set.ts';
import fc from 'fast-check';
import t from 'tap';

t.test('it knows what a Set of texts knows, whatever the keys look like', async (t) => {
  const part = fc.constantFrom('gitea', 'forge-2', 'sweep-20261123', '', '-', '0', '7', '07', '.2');
  const number = fc.oneof(fc.nat(20), fc.nat(), fc.bigInt(0n, 10n ** 12n)).map(String);
  const key = fc.oneof(
    fc.tuple(part, number).map(([beginning, end]) => `${beginning}-${end}`),
    fc.array(part, { maxLength: 4 }).map((parts) => parts.join('')),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 60 }), fc.array(key, { maxLength: 20 }), (added, asked) => {
      const plain = new Set<string>();
      const keys = makeKeySet();
      for (const one of added) {
        plain.add(one);
        keys.add(one);
        assert.equal(keys.size, plain.size);
      }
      for (const one of [...added, ...asked]) assert.equal(keys.has(one), plain.has(one), one);
    }),
    { numRuns: 1000 },
  );
  t.pass('1000 sets');
});

t.test('numbers that are written in two ways, or are close to a border, are different keys', async (t) => {
  const added = ['g-1', 'g-999999999', 'g-4294967296', 'g-0', 'g-', 'g', '-5'];
  const others = ['g-01', 'g-1000000000', 'g-00', 'h-1', 'g-1.2', '5', 'gg-1', '-1', '1', 'g--1', ''];
  const keys = makeKeySet();
  for (const key of added) keys.add(key);
  t.strictSame(added.filter(keys.has), added);
  t.strictSame(others.filter(keys.has), []);
  t.equal(keys.size, added.length);
});

t.test('more beginnings than there are tables for', async (t) => {
  const keys = makeKeySet();
  const added = Array.from({ length: 300 }, (_, index) => `hand-${index}t-${index + 1}`);
  for (const key of [...added, ...added]) keys.add(key);
  t.equal(keys.size, 300);
  t.ok(added.every(keys.has));
  t.notOk(keys.has('hand-299t-299'));
});

t.test('numbers of any distance', async (t) => {
  for (const step of [1, 2, 64, 1024, 4096]) {
    const keys = makeKeySet();
    for (let index = 1; index <= 20_000; index += 1) keys.add(`gitea-${index * step}`);
    t.equal(keys.size, 20_000);
    t.ok(keys.has(`gitea-${20_000 * step}`) && !keys.has(`gitea-${20_001 * step}`), `${step} apart`);
  }
});
