import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ForgeClient } from '@ccci/lib/forge/gitea.ts';
import t from 'tap';
import { makeWorld, type World } from './world.ts';

const asked = (world: World) =>
  world.forge.requests.map(({ method, path }) => `${method} ${path.split('/').slice(6).join('/')}`);

for (const mode of ['pipe', 'spool'] as const) {
  t.test(`L06 a fresh trigger costs one request until it is pending, from a ${mode}`, async (t) => {
    const world = await makeWorld(t);
    const trigger = await world.trigger();
    const pages = join(world.dir, 'pages', 'runs', trigger.key);
    const seen: boolean[] = [];
    const watching = (client: ForgeClient): ForgeClient => ({
      ...client,
      createComment: async (...given) => {
        seen.push(existsSync(pages));
        return client.createComment(...given);
      },
    });
    const running = world.start({}, watching);
    if (mode === 'pipe') await running.feed(trigger);
    else await running.changed(String(trigger.spool));
    await world.forge.waitFor(() => world.comments().length === 1, { what: 'the progress comment' });
    t.equal(await running.end(), 0);
    t.same(asked(world), [
      `POST statuses/${world.commits.head}`,
      `POST issues/comments/${trigger.comment.id}/reactions`,
      'GET ',
      'GET issues/1/comments',
      'POST issues/1/comments',
    ]);
    t.same(seen, [false], 'pages are written when everything has been said');
    t.ok(existsSync(pages));
  });
}

t.test('a fresh trigger is answered before all that wait for their turn', async (t) => {
  const world = await makeWorld(t);
  for (let count = 0; count < 30; count += 1) {
    const number = world.forge.openPull('org', 'app', { head: 'next', title: `Nr ${count}`, author: 'mia' });
    await world.trigger({}, world.commits.next, number);
  }
  const running = world.start();
  await world.forge.waitFor(() => world.forge.requests.length >= 4, { what: 'work on the others' });
  const trigger = await world.trigger();
  await running.feed(trigger);
  await world.forge.waitFor(() => world.statuses().length === 1, { what: 'pending' });
  const before = world.forge.statuses('org', 'app', world.commits.next).length;
  t.ok(before < 16, `after ${before} of 30`);
  await running.end();
});

t.test('what no event told of is found by a look', async (t) => {
  const world = await makeWorld(t);
  const running = world.start({ lookMs: 5 });
  const trigger = await world.trigger();
  await world.forge.waitFor(() => world.statuses().length === 1, { what: 'pending' });
  t.equal(await running.end(), 0);
  t.equal(world.forge.reactions(trigger.comment.id).length, 1);
});
