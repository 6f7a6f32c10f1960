import { fillTrigger, isByHand } from '@ccci/lib/records/fill.ts';
import { triggerExample, triggerSchema } from '@ccci/lib/records/trigger.ts';
import t from 'tap';

const options = {
  now: () => new Date('2026-11-23T10:15:00.123Z'),
  random: () => 'beefcafe',
  cwd: '/home/ana/ghost',
};
const hash = '720faa0bebc4720faa0bebc4720faa0bebc4720f';

t.test('everything that a person may leave out, but the ref', async (t) => {
  const filled = fillTrigger({ type: 'trigger', repo: './ghost' }, options);
  t.same(filled, {
    type: 'trigger',
    v: 1,
    at: '2026-11-23T10:15:00.123Z',
    by: 'hand',
    key: 'hand-20261123t101500-beef',
    source: 'hand',
    recipe: 'ghost',
    options: {},
    repo: './ghost',
  });
  t.ok(triggerSchema.safeParse({ ...filled, ref: hash }).success);
});

t.test('what was said stays', async (t) => {
  const written = {
    type: 'trigger',
    key: 'hand-mine',
    repo: '.',
    ref: 'HEAD',
    recipe: 'x',
    options: { quick: true },
  };
  t.match(fillTrigger(written, options), written);
});

const recipes = [
  ['.', 'ghost'],
  ['..', 'ana'],
  ['../ghost-next/', 'ghost-next'],
  ['/srv/recipes/ghost.git', 'ghost'],
  ['https://git.example.org/recipes/ghost.git', 'ghost'],
  ['https://git.example.org/recipes/ghost/', 'ghost'],
  ['https://git.example.org/recipes/ghost?x=1#y', 'ghost'],
  ['ssh://git@git.example.org:2222/recipes/ghost.git', 'ghost'],
  ['git@git.example.org:ghost.git', 'ghost'],
  ['git@git.example.org:recipes/ghost.git', 'ghost'],
] as const;
for (const [repo, recipe] of recipes) {
  t.test(`recipe of ${repo}`, async (t) => {
    t.equal(fillTrigger({ type: 'trigger', repo }, options).recipe, recipe);
  });
}

t.test('without repo it cannot be used', async (t) => {
  t.throws(() => fillTrigger({ type: 'trigger' }, options), { status: 65, code: 'no-repo', hint: /repo/ });
  t.throws(() => fillTrigger({ type: 'trigger', repo: '/' }, options), { status: 65, code: 'no-recipe' });
});

t.test('records of a forge and other types are left alone', async (t) => {
  for (const record of [triggerExample, { type: 'tick' }]) {
    t.equal(fillTrigger(record, options), record);
    t.notOk(isByHand(record));
  }
});
