import { dropExample } from '@ccci/lib/records/drop.ts';
import { readAnswer } from '@ccci/lib/state/answers.ts';
import t from 'tap';
import { makeWorld, type World } from './world.ts';

const isFinal = async ({ state }: World, { key }: { readonly key: string }) =>
  (await readAnswer(state, key))?.final;
const statesOf = (world: World, ref: string) =>
  world.forge.statuses('org', 'app', ref).map(({ state, description }) => `${state}: ${description}`);
const creations = (world: World) =>
  world.forge.requests.filter(({ method, path }) => method === 'POST' && /issues\/\d+\/comments$/.test(path))
    .length;

t.test(
  'the older of two is superseded: never shown as failed, and its status does not stay pending',
  async (t) => {
    const world = await makeWorld(t);
    const older = await world.trigger();
    const running = world.start();
    await running.feed(older);
    await world.forge.waitFor(() => world.comments().length === 1, { what: 'the progress comment' });
    const newer = await world.trigger({}, world.commits.next);
    await world.withdraw(older, 'superseded', 'a newer comment asks for another commit');
    await running.feed(newer, { ...dropExample, key: older.key, reason: 'superseded' });
    t.equal(await running.end(), 0);
    t.same(
      statesOf(world, world.commits.head).at(-1),
      'error: not run: a newer comment asks for another commit',
    );
    t.match(statesOf(world, world.commits.next), [/^pending/]);
    const [comment, ...others] = world.comments();
    t.same(others, []);
    t.match(comment?.body, /ccci:progress[\s\S]*not tested: a newer comment asks for another commit/);
    t.notMatch(comment?.body, /fail|❌/);
    t.equal(creations(world), 1, 'it is no news: the comment is edited');
    t.equal(await isFinal(world, older), true);
  },
);

t.test('a run that gave way ends as superseded, without a comment of its own', async (t) => {
  const world = await makeWorld(t);
  const older = await world.trigger();
  t.equal(await world.start().end(), 0);
  await world.trigger({}, world.commits.next);
  const results = { verdict: 'superseded', reason: 'a newer comment asks for def4567', level: null } as const;
  await world.run(older, { results });
  t.equal(await world.start().end(), 0);
  t.match(statesOf(world, world.commits.head).at(-1), /^error: The run of ghost was superseded/);
  t.match(world.comments(), [{ body: /ccci:progress[\s\S]*The run of ghost was superseded/ }]);
  t.equal(creations(world), 1);
  t.equal(await isFinal(world, older), true);
});

t.test('cancelled and closed end the status and the comment in words', async (t) => {
  for (const [reason, detail] of [
    ['cancelled', 'mia cancelled it'],
    ['closed', 'the pull request was closed'],
  ] as const) {
    const world = await makeWorld(t);
    const trigger = await world.trigger();
    t.equal(await world.start().end(), 0);
    await world.withdraw(trigger, reason, detail);
    t.equal(await world.start().end(), 0);
    t.equal(statesOf(world, world.commits.head).at(-1), `error: not run: ${detail}`);
    t.match(world.comments(), [{ body: new RegExp(`⏹️ \\*\\*Not tested\\*\\*: ${detail}`) }]);
    t.equal(world.comments().length, 1);
    t.equal(creations(world), 1, 'what never ran is no news');
    t.equal(await isFinal(world, trigger), true);
  }
});

t.test(
  'a cancel is seen by a reaction; where a pull request was closed nobody asked, and nothing is posted',
  async (t) => {
    const world = await makeWorld(t);
    const [cancel, closed] = [await world.cancel(), await world.cancel('closed')];
    const running = world.start();
    await running.feed(
      { ...cancel, spool: `20261123T101500Z-${cancel.key}` },
      { ...closed, spool: `20261123T101501Z-${closed.key}` },
    );
    t.equal(await running.end(), 0);
    t.same(world.forge.reactions(cancel.comment.id), [{ user: 'bot', content: 'eyes' }]);
    t.same(world.forge.reactions(closed.comment.id), []);
    t.same(world.comments(), []);
    t.equal(await isFinal(world, cancel), true);
  },
);

t.test('one explanation per person who is refused, whether at the comment or at the claim', async (t) => {
  const world = await makeWorld(t);
  const triggers = [await world.trigger(), await world.trigger({}, world.commits.next)];
  t.equal(await world.start().end(), 0);
  for (const trigger of triggers) await world.withdraw(trigger, 'not-allowed', 'mia is not a member of org');
  await world.drop('limit', 'eve', '7 of yours wait, 6 may');
  await world.drop('limit', 'eve', '8 of yours wait, 6 may');
  t.equal(await world.start().end(), 0);
  const [comment, ...others] = world.comments();
  t.same(others, []);
  t.equal(comment?.body.match(/mia is not a member/g)?.length, 1);
  t.equal(comment?.body.match(/of yours wait/g)?.length, 1);
  t.equal(creations(world), 1);
  for (const ref of [world.commits.head, world.commits.next]) {
    t.equal(statesOf(world, ref).at(-1), 'error: not run: mia is not a member of org');
  }
  for (const trigger of triggers) t.equal(await isFinal(world, trigger), true);
});

t.test('what was withdrawn before it was ever pending leaves the verdict of another run alone', async (t) => {
  const world = await makeWorld(t);
  await world.run(await world.trigger());
  t.equal(await world.start().end(), 0);
  const refused = await world.trigger();
  await world.withdraw(refused, 'limit', 'mia has had 30 runs today');
  t.equal(await world.start().end(), 0);
  const [verdict, ...more] = statesOf(world, world.commits.head);
  t.match(verdict, /^success/);
  t.same(more, []);
  t.match(world.comments(), [{ body: /ghost passed[\s\S]*30 runs today/ }]);
  t.equal(await isFinal(world, refused), true);
});

t.test('many refused comments cost an edit at most, not one each', async (t) => {
  const world = await makeWorld(t);
  await world.drop('not-allowed');
  t.equal(await world.start().end(), 0);
  world.forge.clearRequests();
  for (let count = 0; count < 20; count += 1) await world.drop('not-allowed');
  t.equal(await world.start().end(), 0);
  t.same(new Set(world.forge.requests.map(({ path }) => path.split('/').at(-1))), new Set(['reactions']));
});

t.test('on a locked pull request all who wait for an answer are given up, once', async (t) => {
  const world = await makeWorld(t);
  for (const author of ['eve', 'mia', 'eve']) await world.drop('not-allowed', author);
  const path = /issues\/1\/comments$/;
  world.forge.misbehave({ match: { method: 'POST', path }, times: 99, fault: { status: 423 } });
  t.equal(await world.start().end(), 0);
  world.forge.clearRequests();
  t.equal(await world.start().end(), 0);
  t.same(world.forge.requests, []);
});
