import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitStatus } from '@ccci/lib/program/failure.ts';
import { tickExample } from '@ccci/lib/records/tick.ts';
import { writeAnswer } from '@ccci/lib/state/answers.ts';
import { storeEnrolled } from '@ccci/lib/state/enrolled.ts';
import t, { type Test } from 'tap';
import { makeWorld } from './world.ts';

const progress = '<!-- ccci:progress gitea-1 -->\n\n⏳ **ghost** is being tested.\n';
const source = { key: 'gitea/org', forge: 'gitea', owner: 'org' };

/** A forge on which a run is going on that no state knows of any more, and a state that was enrolled just now. */
async function makeLost(t: Test, { body = progress, enrolled = true } = {}) {
  const world = await makeWorld(t);
  world.forge.comment('org', 'app', world.number, 'mia', '!testme');
  const lost = world.forge.comment('org', 'app', world.number, 'bot', body);
  const status = (context: string) => ({ state: 'pending', context, description: 'x', target_url: '' });
  for (const context of ['ccci/testme', 'ccci/partial', 'other/ci']) {
    await world.ask(`/repos/org/app/statuses/${world.commits.head}`, {
      method: 'POST',
      body: status(context),
    });
  }
  world.forge.clearRequests();
  const now = new Date(Date.now() + 60_000).toISOString();
  const enrol = () => storeEnrolled(world.state, { 'gitea/org': { since: now, enrolledAt: now } });
  if (enrolled) await enrol();
  return { ...world, lost, enrol, begin: (changes = {}) => world.start({ sources: [source], ...changes }) };
}

const winners = (statuses: readonly { readonly context: string; readonly state: string }[]) =>
  Object.fromEntries(statuses.map(({ context, state }) => [context, state]));

t.test(
  'L16 state lost: what was in progress is closed as interrupted, once, and nothing is run',
  async (t) => {
    const world = await makeLost(t);
    t.equal(await world.begin().end(), 0);
    t.match(world.comments(), [
      {
        id: world.lost.id,
        body: /^<!-- ccci:outcome gitea-1 -->\n\n⏹️ \*\*Interrupted\*\*.*comment `!testme`\.\n$/,
      },
    ]);
    t.same(winners(world.statuses()), {
      'ccci/testme': 'error',
      'ccci/partial': 'error',
      'other/ci': 'pending',
    });
    t.match(
      world.statuses().at(-1)?.description,
      'interrupted: ccci lost its memory; comment !testme to test again',
    );
    world.forge.clearRequests();
    t.equal(await world.begin().end(), 0);
    t.same(world.forge.requests, [], 'it is noted, and not done again');
    t.same(world.forge.problems, []);
  },
);

t.test('a single repository is looked over by itself, and closed pull requests are left alone', async (t) => {
  const world = await makeLost(t, { enrolled: false });
  const closed = world.forge.openPull('org', 'app', { head: 'other', title: 'Old', author: 'mia' });
  world.forge.comment('org', 'app', closed, 'bot', progress);
  world.forge.closePull('org', 'app', closed);
  const now = new Date(Date.now() + 60_000).toISOString();
  await storeEnrolled(world.state, { 'gitea/org/app': { since: now, enrolledAt: now } });
  const single = { key: 'gitea/org/app', forge: 'gitea', owner: 'org', name: 'app' };
  t.equal(await world.begin({ sources: [single] }).end(), 0);
  t.match(world.comments(), [{ body: /Interrupted/ }]);
  t.notOk(world.forge.requests.some(({ path }) => path.includes('/issues/search')));
  t.match(world.forge.comments('org', 'app', closed), [{ body: progress }]);
});

t.test('what is final, foreign or newer than the state is left alone', async (t) => {
  const outcome = '<!-- ccci:outcome gitea-1 -->\n\nghost passed';
  const world = await makeLost(t, { body: outcome });
  const foreign = world.forge.comment('org', 'app', world.number, 'eve', progress);
  t.equal(await world.begin().end(), 0);
  t.match(world.comments(), [{ body: outcome }]);
  t.equal(
    world.forge.comments('org', 'app', world.number).find(({ id }) => id === foreign.id)?.body,
    progress,
    'marker and author',
  );
  const other = await makeLost(t, { enrolled: false });
  const past = '2020-01-01T00:00:00Z';
  await storeEnrolled(other.state, { 'gitea/org': { since: past, enrolledAt: past } });
  t.equal(await other.begin().end(), 0);
  t.match(other.comments(), [{ body: progress }], 'it came after we were enrolled');
});

t.test('of an outcome and a progress that was to be deleted, the outcome stays', async (t) => {
  const world = await makeLost(t);
  const body = '<!-- ccci:outcome gitea-1 -->\n\nghost passed';
  const outcome = world.forge.comment('org', 'app', world.number, 'bot', body);
  t.equal(await world.begin().end(), 0);
  t.match(world.comments(), [{ id: outcome.id, body }]);
  t.equal(world.comments().length, 1);
});

t.test('a state that has answered before was never lost', async (t) => {
  const world = await makeLost(t);
  await writeAnswer(world.state, 'gitea-7', { key: 'gitea-7', final: true });
  t.equal(await world.begin().end(), 0);
  t.same(world.forge.requests, []);
  t.match(world.comments(), [{ body: progress }]);
});

t.test(
  'a state in which nothing is enrolled, as of a recording, posts nothing; the first tick changes that',
  async (t) => {
    const world = await makeLost(t, { enrolled: false });
    const running = world.begin();
    await running.feed({ type: 'log', key: 'x' });
    t.equal(await running.end(), 0);
    t.same(world.forge.requests, []);
    const live = world.begin();
    await world.enrol();
    await live.feed(tickExample);
    await world.forge.waitFor(() => world.comments()[0]?.body.includes('Interrupted'), {
      what: 'the closing',
    });
    t.equal(await live.end(), 0);
  },
);

t.test(
  'a pull request that this state knows of is answered by its own report, with the old comment',
  async (t) => {
    const world = await makeLost(t);
    await world.trigger();
    t.equal(await world.begin().end(), 0);
    t.match(world.comments(), [{ id: world.lost.id, body: /place 1 in the queue/ }]);
    t.equal(world.comments().length, 1);
    t.equal(winners(world.statuses())['ccci/testme'], 'pending');
  },
);

t.test('a forge that is away: noted as left over, and done by the next start', async (t) => {
  for (const path of [/issues\/search/, /issues\/1\/comments/, /issues\/comments/, /statuses/]) {
    const world = await makeLost(t);
    const away = world.forge.misbehave({ match: { path }, times: 1e6, fault: { status: 502 } });
    const running = world.begin();
    t.equal(await running.end(), exitStatus.leftOver, String(path));
    t.match(running.said.at(-1), /not all was posted for gitea\/org/);
    away.stop();
    t.equal(await world.begin().end(), 0);
    t.match(world.comments(), [{ body: /Interrupted/ }]);
    t.equal(winners(world.statuses())['ccci/testme'], 'error');
    t.equal(world.statuses().filter(({ state }) => state === 'error').length, 2, 'each once');
  }
});

t.test('an answer that was lost closes nothing twice', async (t) => {
  const world = await makeLost(t);
  const rule = { match: { method: 'POST', path: /statuses/ }, fault: 'dropAfter' } as const;
  world.forge.misbehave(rule);
  t.equal(await world.begin().end(), exitStatus.leftOver);
  t.equal(await world.begin().end(), 0);
  t.equal(world.statuses().filter(({ state }) => state === 'error').length, 2);
  const noted = JSON.parse(readFileSync(join(world.state, 'looked-over.json'), 'utf8'));
  t.same(Object.keys(noted), ['gitea/org']);
});
