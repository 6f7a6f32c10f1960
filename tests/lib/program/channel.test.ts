import { type Channel, makeChannel } from '@ccci/lib/program/channel.ts';
import t from 'tap';

async function readAll<Item>(channel: Channel<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of channel.items()) all.push(item);
  return all;
}

/** Lets everything that can go on go on. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

t.test('in order, from writers that wait', async (t) => {
  const channel = makeChannel<number>(2);
  let accepted = 0;
  const pushes = [1, 2, 3, 4, 5].map((item) => channel.push(item).then(() => (accepted += 1)));
  await settle();
  t.equal(accepted, 2, 'two have room, the others wait');
  const items = channel.items();
  t.same(await items.next(), { done: false, value: 1 });
  await settle();
  t.equal(accepted, 3, 'one item out, one writer on');
  channel.end();
  const rest: number[] = [];
  for await (const item of items) rest.push(item);
  t.same(rest, [2, 3, 4, 5], 'nothing is lost at the end, waiting ones included');
  await Promise.all(pushes);
});

t.test('a reader that waits gets each item at once', async (t) => {
  const channel = makeChannel<string>();
  const items = channel.items();
  for (const item of ['a', 'b', 'c']) {
    const next = items.next();
    await settle();
    await channel.push(item);
    t.same(await next, { done: false, value: item });
  }
  const last = items.next();
  await settle();
  channel.end();
  t.same(await last, { done: true, value: undefined });
});

t.test('after the end', async (t) => {
  const channel = makeChannel<number>(1);
  await channel.push(1);
  channel.end();
  channel.end();
  await channel.push(2);
  t.same(await readAll(channel), [1], 'an item that comes too late goes nowhere, and its writer goes on');
});

t.test('a failure comes after the items that are there', async (t) => {
  const channel = makeChannel<number>(1);
  const pushes = [channel.push(1), channel.push(2)];
  channel.fail(new Error('first'));
  channel.fail(new Error('second'));
  channel.end();
  const read: number[] = [];
  const reading = (async () => {
    for await (const item of channel.items()) read.push(item);
  })();
  await t.rejects(reading, { message: 'first' });
  t.same(read, [1, 2]);
  await Promise.all(pushes);

  const failing = makeChannel<number>();
  const next = failing.items().next();
  await settle();
  failing.fail(undefined);
  const thrown = await next.then(
    () => 'nothing',
    (error: unknown) => error,
  );
  t.equal(thrown, undefined, 'a waiting reader, a failure that is no error');
});

t.test('a reader that leaves lets the writers go', async (t) => {
  const channel = makeChannel<number>(1);
  const pushes = [1, 2, 3, 4].map((item) => channel.push(item));
  for await (const _item of channel.items()) break;
  await Promise.all([...pushes, channel.push(5)]);
  t.pass('nobody waits');
});

t.test('a slow reader costs no memory', async (t) => {
  const channel = makeChannel<number>(4);
  let pushed = 0;
  const writing = (async () => {
    for (let item = 0; item < 1000; item += 1) {
      await channel.push(item);
      pushed += 1;
    }
    channel.end();
  })();
  let read = 0;
  let ahead = 0;
  for await (const item of channel.items()) {
    t.equal(item, read);
    read += 1;
    await settle();
    ahead = Math.max(ahead, pushed - read);
  }
  await writing;
  t.equal(read, 1000);
  t.ok(ahead <= 4, `at most ${ahead} ahead`);
});
