import { type Trigger, triggerExample } from '@ccci/lib/records/trigger.ts';
import { orderOfWork, type Waiting } from '@ccci/lib/state/order.ts';
import fc from 'fast-check';
import t from 'tap';

const waiting = (id: number, name: string, more: Partial<Trigger> = {}): Waiting => ({
  file: `20261123T1015${String(id).padStart(2, '0')}Z-gitea-${id}`,
  record: { ...triggerExample, key: `gitea-${id}`, name, ...more },
});
const keys = (list: readonly Waiting[]) => list.map(({ record: { key } }) => key);
const sweep = { source: 'sweep' } as const;

t.test('the oldest comment first', async (t) => {
  t.strictSame(keys(orderOfWork([waiting(2, 'a'), waiting(1, 'a')], { running: [] })), [
    'gitea-1',
    'gitea-2',
  ]);
});

t.test('people before sweeps, whenever they came', async (t) => {
  const list = [waiting(1, 'a', sweep), waiting(2, 'b', sweep), waiting(3, 'a')];
  t.strictSame(keys(orderOfWork(list, { running: [] })), ['gitea-3', 'gitea-1', 'gitea-2']);
});

t.test('repositories take turns, however much one has waiting', async (t) => {
  const list = [1, 2, 3].map((id) => waiting(id, 'busy')).concat(waiting(9, 'quiet'));
  t.strictSame(keys(orderOfWork(list, { running: [] })), ['gitea-1', 'gitea-9', 'gitea-2', 'gitea-3']);
});

t.test('first who runs least, then who was served longest ago', async (t) => {
  const list = [waiting(1, 'a'), waiting(2, 'b'), waiting(3, 'c')];
  const running = [{ ...triggerExample, name: 'a' }];
  t.strictSame(keys(orderOfWork(list, { running })), ['gitea-2', 'gitea-3', 'gitea-1']);
  const served = new Map([
    ['gitea/recipes/a', 1],
    ['gitea/recipes/b', 0],
  ]);
  t.strictSame(keys(orderOfWork(list, { running: [], served })), ['gitea-3', 'gitea-2', 'gitea-1']);
});

t.test('property: whatever waits is in the order once, and nobody is overtaken for ever', async (t) => {
  const lists = fc.uniqueArray(fc.tuple(fc.nat(59), fc.constantFrom('a', 'b', 'c'), fc.boolean()), {
    selector: ([id]) => id,
    maxLength: 12,
  });
  fc.assert(
    fc.property(lists, (list) => {
      const given = list.map(([id, name, isSweep]) => waiting(id, name, isSweep ? sweep : {}));
      const served = new Map<string, number>();
      let left = given;
      const order: Waiting[] = [];
      while (left.length > 0) {
        const [next] = orderOfWork(left, { running: [], served });
        served.set(`gitea/recipes/${next!.record.name}`, served.size + order.length);
        order.push(next!);
        left = left.filter((one) => one !== next);
      }
      const people = order.filter(({ record }) => record.source !== 'sweep');
      const isFair = people.every(
        (one, index) =>
          index < 1 || one.record.name !== people[index - 1]!.record.name || onlyOne(people, index),
      );
      return new Set(order).size === given.length && isFair;
    }),
  );
  t.pass();
});

/** Two of one repository follow each other only where no other repository waits any more. */
function onlyOne(order: readonly Waiting[], index: number): boolean {
  return order.slice(index).every(({ record }) => record.name === order[index]!.record.name);
}
