import t from 'tap';
import { refused } from '../../lib/pages/records.ts';
import { makeWorld, type World } from './world.ts';

const verdicts = (world: World) => world.statuses().map(({ state }) => state);
const goAway = (world: World) =>
  world.forge.misbehave({ match: { path: /api/ }, times: 1e6, fault: { status: 503 } });

t.test('away for the whole end of a run: the verdict is posted when it is back', async (t) => {
  const world = await makeWorld(t);
  const trigger = await world.trigger();
  const running = world.start();
  await running.feed(trigger);
  await world.forge.waitFor(() => world.comments().length === 1, { what: 'the progress comment' });
  const away = goAway(world);
  const before = world.forge.requests.length;
  await running.feed(...(await world.run(trigger, refused)).slice(1));
  await world.forge.waitFor(() => world.forge.requests.length > before + 2, { what: 'tries that fail' });
  t.same(verdicts(world), ['pending']);
  away.stop();
  await world.forge.waitFor(() => world.comments()[0]?.body.includes('did not pass') === true, {
    what: 'the outcome, by the same process',
  });
  t.equal(await running.end(), 0);
  t.same(verdicts(world), ['pending', 'failure']);
  t.equal(world.comments().length, 1);
});

t.test('also after a restart of ccci-report, which knows nothing but the directory', async (t) => {
  const world = await makeWorld(t);
  const trigger = await world.trigger();
  t.equal(await world.start().end(), 0);
  const away = goAway(world);
  await world.run(trigger, refused);
  for (let start = 0; start < 2; start += 1) {
    const running = world.start({ patienceMs: 50 });
    t.equal(await running.end(), 75, 'kept for the next start');
    t.match(running.said.at(-1), /not all was posted for gitea\/org\/app#1/);
  }
  away.stop();
  t.equal(await world.start().end(), 0);
  t.same(verdicts(world), ['pending', 'failure']);
  t.match(world.comments(), [{ body: /did not pass/ }]);
  t.equal(world.comments().length, 1);
});

t.test('gone, archived, locked: one clear record each, and other pull requests go on', async (t) => {
  for (const [status, message] of [
    [404, 'gone'],
    [423, 'is archived'],
    [410, 'no longer here'],
  ] as const) {
    const world = await makeWorld(t);
    const other = world.forge.openPull('org', 'app', { head: 'next', title: 'Other', author: 'mia' });
    await world.run(await world.trigger());
    await world.trigger({}, world.commits.next, other);
    const path = new RegExp(`issues/${world.number}/comments$`);
    world.forge.misbehave({
      match: { method: 'POST', path },
      times: 99,
      fault: { status, body: { message } },
    });
    const running = world.start();
    t.equal(await running.end(), 0);
    const errors = running.output.filter(({ type }) => type === 'error');
    t.equal(errors.length, 1, `${status}: said once`);
    t.match(errors[0], { message: new RegExp(`${status}[\\s\\S]*given up`) });
    t.equal(
      world.forge.comments('org', 'app', other).filter(({ user }) => user === 'bot').length,
      1,
      'the other one is told',
    );
  }
});
