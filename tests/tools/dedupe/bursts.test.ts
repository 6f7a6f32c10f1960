import { PassThrough } from 'node:stream';
import t from 'tap';
import { bursts } from '../../../tools/dedupe/bursts.ts';

const never = new AbortController().signal;

async function* from<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

async function all<Item>(source: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of source) items.push(item);
  return items;
}

t.test('what is there at once comes together, in order, up to the limit', async (t) => {
  t.same(await all(bursts(from([1, 2, 3, 4, 5]), { limit: 2, ending: never })), [[1, 2], [3, 4], [5]]);
  t.same(await all(bursts(from([1, 2, 3]), { limit: 64, ending: never })), [[1, 2, 3]]);
  t.same(await all(bursts(from([]), { limit: 64, ending: never })), []);
});

t.test('it does not wait for more', async (t) => {
  const source = new PassThrough({ objectMode: true });
  const iterator = bursts(source, { limit: 64, ending: never })[Symbol.asyncIterator]();
  source.write('a');
  t.same((await iterator.next()).value, ['a']);
  source.write('b');
  source.end('c');
  t.same((await iterator.next()).value, ['b', 'c']);
  t.equal((await iterator.next()).done, true);
});

t.test('the end comes also while the source is silent', async (t) => {
  const ending = new AbortController();
  const waiting = all(bursts(new PassThrough({ objectMode: true }), { limit: 64, ending: ending.signal }));
  ending.abort();
  t.same(await waiting, []);
  t.same(await all(bursts(from([1]), { limit: 64, ending: ending.signal })), []);
});

t.test('an error of the source comes behind what was there before it', async (t) => {
  async function* broken(): AsyncGenerator<number> {
    yield 1;
    throw new Error('broken pipe');
  }
  const iterator = bursts(broken(), { limit: 64, ending: never })[Symbol.asyncIterator]();
  await t.rejects(async () => {
    t.same((await iterator.next()).value, [1]);
    await iterator.next();
  }, /broken pipe/);
});
