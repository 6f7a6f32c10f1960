import { readAnswer } from '@ccci/lib/state/answers.ts';
import t from 'tap';
import { refused } from '../../lib/pages/records.ts';
import { makeWorld, type World } from './world.ts';

const isFinal = async ({ state }: World, key: string) => (await readAnswer(state, key))?.final;
const states = (world: World) => world.statuses().map(({ state }) => state);
const posts = (world: World, path: RegExp) =>
  world.forge.requests.filter((one) => one.method === 'POST' && path.test(one.path)).length;

t.test('two triggers that one run answers: one status, one comment, both final (step 15)', async (t) => {
  const world = await makeWorld(t);
  const [first, second] = [await world.trigger(), await world.trigger()];
  const running = world.start();
  await running.feed(first, second);
  await world.forge.waitFor(() => world.forge.reactions(second.comment.id).length === 1, {
    what: 'both heard',
  });
  await world.claimTogether([first, second]);
  await world.endTogether([first, second], world.recordsOf(first, refused));
  t.equal(await running.end(), 0);
  t.same(states(world), ['pending', 'failure'], 'one pending status and one verdict');
  t.equal(world.statuses().at(-1)?.targetUrl, `https://ci.example.org/runs/${first.key}/`);
  const [comment, ...others] = world.comments();
  t.same(others, []);
  t.match(comment?.body, /❌ \*\*ghost did not pass/);
  t.equal(comment?.body.match(/did not pass/g)?.length, 1, 'nothing is said twice');
  t.notMatch(comment?.body, /Before|Next/);
  for (const { key, comment } of [first, second]) {
    t.equal(await isFinal(world, key), true);
    t.same(world.forge.reactions(comment.id), [{ user: 'bot', content: 'eyes' }]);
  }
  t.match(
    running.output.filter(({ stage }) => stage === 'final'),
    [
      { key: first.key, run: first.key, comment: comment?.id, status: 2 },
      { key: second.key, run: first.key, comment: comment?.id, status: 2, page: `runs/${first.key}/` },
    ],
  );
  const before = world.forge.requests.length;
  t.equal(await world.start().end(), 0);
  t.equal(world.forge.requests.length, before, 'and nothing is left for the next start');
});

t.test('a trigger that joins what runs is answered by it, also when it came last of all', async (t) => {
  const world = await makeWorld(t);
  const first = await world.trigger();
  await world.claimTogether([first]);
  const running = world.start();
  await running.feed(first);
  await world.forge.waitFor(() => world.comments().length === 1, { what: 'the progress comment' });
  const late = await world.trigger();
  await running.feed(late);
  await world.forge.waitFor(() => world.forge.reactions(late.comment.id).length === 1, {
    what: 'it is heard',
  });
  t.same(states(world), ['pending'], 'the commit is pending already');
  await world.claimTogether([late], [first.key, late.key]);
  await world.endTogether([first, late], world.recordsOf(first));
  t.equal(await running.end(), 0);
  t.same(states(world), ['pending', 'success']);
  t.equal(world.comments().length, 1);
  t.equal(posts(world, /issues\/1\/comments$/), 2, 'the progress and the outcome');
  t.same([await isFinal(world, first.key), await isFinal(world, late.key)], [true, true]);
});

t.test(
  'a trigger that joins a run which has been answered: the verdict stands, nothing is posted anew',
  async (t) => {
    const world = await makeWorld(t);
    const first = await world.trigger();
    const records = await world.run(first);
    t.equal(await world.start().end(), 0);
    const [told] = world.comments();
    const late = await world.trigger();
    await world.claimTogether([late], [first.key, late.key]);
    await world.endTogether([late], records);
    t.equal(await world.start().end(), 0);
    t.same(states(world), ['success']);
    t.same(world.comments(), [told]);
    t.equal(await isFinal(world, late.key), true);
    t.equal(world.forge.reactions(late.comment.id).length, 1);
  },
);

t.test('confused reporter: a claim cannot show the run of another commit', async (t) => {
  const world = await makeWorld(t);
  const [first, other] = [await world.trigger(), await world.trigger({}, world.commits.next)];
  await world.claimTogether([first]);
  await world.endTogether([first], world.recordsOf(first));
  await world.claimTogether([other], [first.key, other.key]);
  t.equal(await world.start().end(), 0);
  t.same(
    world.forge.statuses('org', 'app', world.commits.next).map(({ state }) => state),
    ['pending'],
    'the green of another commit is not believed',
  );
  t.equal(await isFinal(world, other.key), false);
});

t.test('waiting together they share a place', async (t) => {
  const world = await makeWorld(t);
  const triggers = [await world.trigger(), await world.trigger()];
  t.equal(await world.start().end(), 0);
  const [comment, ...others] = world.comments();
  t.same(others, []);
  t.match(comment?.body, 'waits to be tested, place 1 in the queue.');
  t.notMatch(comment?.body, 'Next');
  t.match(world.statuses(), [{ state: 'pending', description: /waits, place 1 in the queue$/ }]);
  for (const { comment } of triggers) t.equal(world.forge.reactions(comment.id).length, 1);
});
