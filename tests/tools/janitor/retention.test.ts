import t from 'tap';
import { addUses, leastRecentlyUsed } from '../../../tools/janitor/image-uses.ts';
import { decideRetired, type KeptRun } from '../../../tools/janitor/retention.ts';

const day = 86_400;
const nowMs = 100 * day * 1000;
const run = (id: string, daysOld: number, more: Partial<KeptRun> = {}): KeptRun => ({
  id,
  recipe: 'ghost',
  version: null,
  scope: 'full',
  verdict: 'red',
  finished: (100 - daysOld) * day,
  ...more,
});

t.test('L57 old runs go, but for the newest of each recipe and its last green one', async (t) => {
  const runs = [
    run('a', 90, { verdict: 'green' }),
    run('b', 80, { verdict: 'green' }),
    run('c', 70, { verdict: 'green', scope: 'partial' }),
    run('d', 60),
    run('e', 50),
    run('f', 40),
    run('g', 10),
    run('x', 95, { recipe: 'Plausible' }),
  ];
  t.same(decideRetired(runs, { nowMs, keepDays: 30, keepRuns: 2 }), ['a', 'c', 'd', 'e']);
  t.same(decideRetired(runs, { nowMs, keepDays: 30, keepRuns: 20 }), []);
  t.same(decideRetired(runs, { nowMs, keepDays: 200, keepRuns: 1 }), []);
  t.same(decideRetired([...runs].reverse(), { nowMs, keepDays: 75, keepRuns: 1 }), ['a']);
});

t.test(
  'L61 images by when a run used them last; what no run used, or is other content now, is nobody’s',
  async (t) => {
    const environment = (images: Record<string, string>) => ({ environment: { images } });
    let used = addUses({}, { ...environment({ 'a:1': 'sha-a', 'b:1': 'sha-b' }), finished: 10 });
    used = addUses(used, { ...environment({ 'a:1': 'sha-a', 'c:1': 'sha-c' }), finished: 20 });
    used = addUses(used, { ...environment({ 'a:1': 'older' }), finished: 5 });
    t.same(addUses(used, { environment: {}, finished: 30 }), used);
    t.same(used['a:1'], { id: 'sha-a', used: 20 });
    const images = [
      { id: 'sha-a', names: ['a:1', 'mine:1'] },
      { id: 'sha-b', names: ['b:1'] },
      { id: 'rebuilt', names: ['c:1'] },
      { id: 'sha-user', names: ['user:1'] },
    ];
    t.same(leastRecentlyUsed(images, used), ['b:1', 'a:1']);
  },
);
