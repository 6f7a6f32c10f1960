import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forgeError } from '@ccci/lib/forge/forge-error.ts';
import type { ForgeClient } from '@ccci/lib/forge/gitea.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { encodeLine } from '@ccci/lib/records/encode.ts';
import t from 'tap';
import { refused } from '../../lib/pages/records.ts';
import { makeWorld, type World } from './world.ts';

const pendingSeen = (world: World) => () => world.comments()[0]?.body.includes('ccci:progress') === true;

t.test('L06 a trigger is answered at once: pending, reaction, progress, in this order', async (t) => {
  const world = await makeWorld(t);
  const trigger = await world.trigger();
  const running = world.start();
  await running.feed(trigger);
  await world.forge.waitFor(pendingSeen(world), { what: 'the progress comment' });
  const posts = world.forge.requests
    .filter(({ method }) => method === 'POST')
    .map(({ path }) => path.split('/').slice(6, 7)[0]);
  t.same(posts, ['statuses', 'issues', 'issues']);
  t.match(world.statuses(), [
    { state: 'pending', context: 'ccci/testme', targetUrl: `https://ci.example.org/runs/${trigger.key}/` },
  ]);
  t.same(world.forge.reactions(trigger.comment.id), [{ user: 'bot', content: 'eyes' }]);
  t.match(world.comments(), [{ body: /place 1 in the queue/ }]);
  t.equal(await running.end(), 0);
  t.match(running.output, [
    { type: 'trigger' },
    { type: 'report', stage: 'pending', key: trigger.key, status: 1 },
  ]);
  t.same(world.forge.problems, []);
});

t.test('a whole run: progress edited, the outcome as a new comment, the progress deleted', async (t) => {
  const world = await makeWorld(t);
  const trigger = await world.trigger();
  const running = world.start();
  await running.feed(trigger);
  await world.forge.waitFor(pendingSeen(world), { what: 'the progress comment' });
  const [progress] = world.comments();
  const records = await world.run(trigger, refused);
  await running.feed(...records.slice(1));
  t.equal(await running.end(), 0);
  const [outcome, ...others] = world.comments();
  t.same(others, [], 'one comment at rest');
  t.not(outcome?.id, progress?.id, 'a new one, so that people are told');
  t.match(outcome?.body, '❌ **ghost did not pass: upgrade failed.** Level 1');
  t.same(
    world.statuses().map(({ state }) => state),
    ['pending', 'failure'],
  );
  t.match(running.output.at(-1), {
    type: 'report',
    stage: 'final',
    comment: outcome?.id,
    status: 2,
    page: `runs/${trigger.key}/`,
  });
  t.match(running.page(`runs/${trigger.key}/index.html`), 'ghost did not pass');
  t.equal(running.page(`runs/${trigger.key}/logs/app.log`), 'starting\n');
  t.match(running.page('index.html'), 'red, level 1');
  t.match(running.page('badge/ghost.svg'), 'level 1');
  t.equal(await world.start().end(), 0);
  t.equal(world.comments().length, 1, 'the next start has nothing to do');
});

t.test('what a run cost is posted after a restart, from the directory alone (L14, L16)', async (t) => {
  const world = await makeWorld(t);
  const trigger = await world.trigger();
  await world.run(trigger);
  t.equal(await world.start().end(), 0);
  t.same(
    world.statuses().map(({ state }) => state),
    ['success'],
  );
  t.match(world.comments(), [{ body: /✅ \*\*ghost passed\.\*\* Level 5/ }]);
});

t.test('L07 a re-run on the same commit goes back to pending, and says what was before', async (t) => {
  const world = await makeWorld(t);
  await world.run(await world.trigger());
  t.equal(await world.start().end(), 0);
  // The fixture's runs end at a fixed time, before which nobody can ask again: so the second one is running.
  const again = await world.trigger();
  await world.begin(again, world.recordsOf(again).slice(0, 8));
  t.equal(await world.start().end(), 0);
  t.same(
    world.statuses().map(({ state }) => state),
    ['success', 'pending'],
  );
  t.match(world.comments(), [{ body: /ccci:progress[\s\S]*- Before, for `.*`: ghost passed/ }]);
});

t.test('L07 a verdict of another run on the same commit does not stay over a pending one', async (t) => {
  const world = await makeWorld(t);
  const first = await world.trigger();
  const running = world.start();
  await running.feed(first);
  await world.forge.waitFor(pendingSeen(world), { what: 'the progress comment' });
  const records = await world.run(first);
  await world.trigger();
  await running.feed(...records.slice(1));
  await running.end();
  t.same(
    world.statuses().map(({ state }) => state),
    ['pending', 'success', 'pending'],
  );
  t.equal(world.comments().length, 1);
});

t.test('L08 three triggers at once make one comment', async (t) => {
  const world = await makeWorld(t);
  const triggers = [await world.trigger(), await world.trigger(), await world.trigger()];
  const running = world.start();
  await running.feed(...triggers);
  t.equal(await running.end(), 0);
  t.equal(world.comments().length, 1);
  for (const { comment } of triggers) t.equal(world.forge.reactions(comment.id).length, 1);
});

t.test('two runs that ended while nobody looked: each is told, one comment stays', async (t) => {
  const world = await makeWorld(t);
  await world.run(await world.trigger(), refused);
  await world.run(await world.trigger());
  t.equal(await world.start().end(), 0);
  t.equal(world.comments().length, 1);
  t.equal(
    world.forge.requests.filter(
      ({ method, path }) => method === 'POST' && path.endsWith('/issues/1/comments'),
    ).length,
    2,
  );
});

t.test('a POST whose answer was lost is not repeated', async (t) => {
  for (const path of [/issues\/1\/comments/, /statuses/, /reactions/]) {
    const world = await makeWorld(t);
    const trigger = await world.trigger();
    const struck = world.forge.misbehave({ match: { method: 'POST', path }, fault: 'dropAfter' });
    const running = world.start();
    await running.feed(trigger);
    t.equal(await running.end(), 0, String(path));
    t.equal(struck.count(), 1);
    t.equal(world.comments().length, 1);
    t.equal(world.statuses().length, 1);
  }
});

t.test('an outcome whose answer was lost is told once', async (t) => {
  const world = await makeWorld(t);
  await world.run(await world.trigger());
  const path = /issues\/1\/comments$/;
  world.forge.misbehave({ match: { method: 'POST', path }, fault: 'dropAfter' });
  t.equal(await world.start().end(), 0);
  t.equal(world.forge.requests.filter((one) => one.method === 'POST' && path.test(one.path)).length, 1);
  t.match(world.comments(), [{ body: /ghost passed/ }]);
});

t.test('a crash between intent and id: the next start looks first', async (t) => {
  const world = await makeWorld(t);
  await world.trigger();
  const refusal = {
    trouble: 'refused',
    forge: 'gitea',
    method: 'POST',
    path: '/x',
    httpStatus: 401,
    retryAfterMs: null,
  } as const;
  let isDead = false;
  const dying = (client: ForgeClient): ForgeClient => {
    const calls = Object.entries(client).map(([name, call]) => {
      if (typeof call !== 'function' || name === 'addReaction') return [name, call];
      const cut = async (...given: unknown[]) => {
        if (!isDead) await (call as (...given: unknown[]) => Promise<unknown>)(...given);
        isDead = name.startsWith('create');
        throw forgeError(refusal, 'was cut off');
      };
      return [name, cut];
    });
    return Object.fromEntries(calls);
  };
  t.equal(await world.start({}, dying).end(), 75);
  t.equal(await world.start().end(), 0);
  t.equal(world.comments().length, 1);
  t.equal(world.statuses().length, 1);
});

t.test('L14 a forge that is away: kept, 75, and posted once at the next start', async (t) => {
  const world = await makeWorld(t);
  const trigger = await world.trigger();
  const away = world.forge.misbehave({ match: { path: /api/ }, times: 1e6, fault: { status: 502 } });
  const running = world.start({ patienceMs: 1_500 });
  await running.feed(trigger, ...(await world.run(trigger)).slice(1));
  t.equal(await running.end(), exitStatus.leftOver);
  t.match(running.said.at(-1), /not all was posted for gitea\/org\/app#1/);
  t.match(
    running.output.find(({ type }) => type === 'error'),
    { key: trigger.key, message: /502/ },
  );
  away.stop();
  t.equal(await world.start().end(), 0);
  t.same(
    world.statuses().map(({ state }) => state),
    ['success'],
  );
  t.equal(world.comments().length, 1);
});

t.test('a comment that a person deleted is made again, once', async (t) => {
  const world = await makeWorld(t);
  const trigger = await world.trigger();
  t.equal(await world.start().end(), 0);
  world.forge.deleteComment(world.comments()[0]!.id);
  await world.begin(trigger, world.recordsOf(trigger).slice(0, 8));
  t.equal(await world.start().end(), 0);
  t.match(world.comments(), [{ body: /is being tested/ }]);
  t.equal(world.comments().length, 1);
});

t.test(
  'one that is deleted again and again is left alone, and its outcome is told all the same',
  async (t) => {
    const world = await makeWorld(t);
    const trigger = await world.trigger();
    t.equal(await world.start().end(), 0);
    const records = world.recordsOf(trigger);
    const claimed = await world.begin(trigger, records.slice(0, 8));
    const grow = (until: number) =>
      writeFileSync(join(claimed.folder, 'events.ndjson'), records.slice(0, until).map(encodeLine).join(''));
    const made: number[] = [];
    for (const until of [8, 10, 12, 14]) {
      for (const { id } of world.comments()) world.forge.deleteComment(id);
      grow(until);
      t.equal(await world.start().end(), 0);
      made.push(world.comments().length);
    }
    t.same(made, [1, 0, 0, 0], 'made again once');
    await world.finish(trigger, records);
    await claimed.commit(() => records.at(-1)!);
    t.equal(await world.start().end(), 0);
    t.match(world.comments(), [{ body: /ghost passed/ }]);
  },
);

t.test(
  'one that somebody else has edited gets its text back, at the next edit and at the next start',
  async (t) => {
    const world = await makeWorld(t);
    const trigger = await world.trigger();
    t.equal(await world.start().end(), 0);
    world.forge.editComment(world.comments()[0]!.id, 'all is well');
    const claimed = await world.begin(trigger, world.recordsOf(trigger).slice(0, 8));
    t.equal(await world.start().end(), 0);
    t.match(world.comments(), [{ body: /is being tested/ }]);
    const records = world.recordsOf(trigger, refused);
    await world.finish(trigger, records);
    await claimed.commit(() => records.at(-1)!);
    t.equal(await world.start().end(), 0);
    const [{ id, body } = { id: 0, body: '' }] = world.comments();
    t.match(body, /did not pass/);
    const before = world.forge.requests.length;
    t.equal(await world.start().end(), 0);
    t.equal(world.forge.requests.length, before + 1, 'one look at the start');
    world.forge.editComment(id, body.replace('did not pass', 'passed'));
    t.equal(await world.start().end(), 0);
    t.same(
      world.comments().map((one) => [one.id, one.body]),
      [[id, body]],
    );
    t.equal(world.statuses().length, 3, 'and nothing else is written');
  },
);

t.test('an outcome that was deleted is made again at the next start, once', async (t) => {
  const world = await makeWorld(t);
  await world.run(await world.trigger());
  const made: number[] = [];
  for (let start = 0; start < 4; start += 1) {
    t.equal(await world.start().end(), 0);
    made.push(world.comments().length);
    for (const { id } of world.comments()) world.forge.deleteComment(id);
  }
  t.same(made, [1, 1, 0, 0]);
});

t.test('ours is what has our marker and our name', async (t) => {
  const world = await makeWorld(t);
  const body = '<!-- ccci:progress gitea-1 -->\n\nhello';
  const foreign = world.forge.comment('org', 'app', world.number, 'eve', body);
  const stray = world.forge.comment('org', 'app', world.number, 'bot', body);
  await world.trigger();
  t.equal(await world.start().end(), 0);
  const all = world.forge.comments('org', 'app', world.number);
  t.equal(all.find(({ id }) => id === foreign.id)?.body, body);
  t.match(
    world.comments(),
    [{ id: stray.id, body: /was heard|waits to be tested/ }],
    'a stray of ours is taken over',
  );
});

t.test('a refusal is one line and a reaction, once per person', async (t) => {
  const world = await makeWorld(t);
  const drops = [
    await world.drop('not-allowed'),
    await world.drop('not-allowed'),
    await world.drop('history'),
  ];
  const running = world.start();
  await running.feed(...drops);
  t.equal(await running.end(), 0);
  const [notice, ...others] = world.comments();
  t.same(others, []);
  t.equal(notice?.body.match(/not a member/g)?.length, 1);
  t.match(
    drops.map(({ comment }) => world.forge.reactions(comment.id).map(({ content }) => content)),
    [['confused'], ['confused'], []],
  );
  await world.run(await world.trigger());
  t.equal(await world.start().end(), 0);
  t.match(world.comments(), [{ body: /ghost passed[\s\S]*not a member/ }]);
  t.equal(world.comments().length, 1, 'the outcome and the refusal in one comment');
});

t.test('with notify off the outcome is edited in place', async (t) => {
  const world = await makeWorld(t);
  const settings = { word: '!testme', context: 'ccci/testme', notify: false };
  const trigger = await world.trigger();
  t.equal(await world.start({ settings }).end(), 0);
  const [progress] = world.comments();
  await world.run(trigger);
  t.equal(await world.start({ settings }).end(), 0);
  t.match(world.comments(), [{ id: progress?.id, body: /ghost passed/ }]);
});

t.test('after the final status it is read back, and repeated if an older one won', async (t) => {
  const world = await makeWorld(t);
  await world.run(await world.trigger());
  const meddling = (client: ForgeClient): ForgeClient => ({
    ...client,
    createStatus: async (...given) => {
      const posted = await client.createStatus(...given);
      if (world.statuses().length === 1)
        await client.createStatus(given[0], given[1], { ...given[2], state: 'pending' });
      return posted;
    },
  });
  t.equal(await world.start({}, meddling).end(), 0);
  t.same(
    world.statuses().map(({ state }) => state),
    ['success', 'pending', 'success'],
  );
});

t.test('L05 a pull request that is locked: an error record, and the rest goes on', async (t) => {
  const world = await makeWorld(t);
  await world.run(await world.trigger());
  world.forge.misbehave({
    match: { method: 'POST', path: /comments$/ },
    times: 99,
    fault: { status: 423, body: { message: 'locked' } },
  });
  const running = world.start();
  t.equal(await running.end(), 0);
  t.match(
    running.output.find(({ type }) => type === 'error'),
    { message: /423.*given up/ },
  );
  t.same(
    world.statuses().map(({ state }) => state),
    ['success'],
  );
});

t.test('where to post comes from what was accepted, never from records of a run', async (t) => {
  const world = await makeWorld(t);
  const other = world.forge.openPull('org', 'app', { head: 'next', title: 'Other', author: 'mia' });
  const trigger = await world.trigger();
  const records = world.recordsOf(trigger).map((record) => {
    const text = JSON.stringify(record).replaceAll(`"number":${world.number}`, `"number":${other}`);
    return JSON.parse(text.replaceAll(world.commits.head, world.commits.next));
  });
  await world.begin(trigger, records);
  const running = world.start();
  await running.feed(...records);
  await running.end();
  t.same(world.forge.comments('org', 'app', other), []);
  t.same(world.forge.statuses('org', 'app', world.commits.next), []);
  t.equal(world.statuses().length, 1);
});

t.test('a recording posts nothing and makes the page again, byte for byte', async (t) => {
  const world = await makeWorld(t);
  const trigger = await world.trigger();
  const records = await world.run(trigger, refused);
  const live = world.start();
  await live.feed(...records);
  await live.end();
  const elsewhere = await makeWorld(t);
  const replay = elsewhere.start();
  await replay.feed(...records);
  t.equal(await replay.end(), 0);
  t.same(elsewhere.forge.requests, []);
  const path = `runs/${trigger.key}/index.html`;
  t.equal(replay.page(path), live.page(path));
});

t.test('records pass through untouched and in order', async (t) => {
  const world = await makeWorld(t);
  const running = world.start();
  const records = [
    { type: 'log', strange: [1, { a: null }] },
    { type: 'unheard-of', key: 'x' },
    { type: 'tick' },
  ];
  await running.feed(...records);
  await running.end();
  t.same(running.output, records);
});

t.test('without a token to write with: said once, 78, and only when something must be posted', async (t) => {
  const world = await makeWorld(t);
  const forge = async () => {
    throw new Failure(exitStatus.configuration, 'no-write-token', 'cannot post to forge gitea');
  };
  const idle = world.start({ forge });
  t.equal(await idle.end(), 0);
  await world.trigger();
  const running = world.start({ forge });
  t.equal(await running.end(), 78);
  t.equal(running.said.filter((line) => line.startsWith('cannot post')).length, 1);
});

t.test(
  'pages that could not be written are said once, left for the next start, and written then',
  async (t) => {
    const world = await makeWorld(t);
    await world.run(await world.trigger());
    const blocked = join(world.dir, 'blocked');
    writeFileSync(blocked, 'a file in the place of the folder');
    const running = world.start({ directory: blocked });
    t.equal(await running.end(), 75);
    const said = running.said.filter((line) => line.startsWith('cannot write the pages'));
    const reasons = new Set(said.map((line) => /^cannot write the pages: ([A-Z]+)/.exec(line)?.[1]));
    t.ok(said.length > 0 && said.length === reasons.size, said.join('; '));
    const [run] = readdirSync(world.runs);
    rmSync(blocked);
    const next = world.start({ directory: blocked });
    t.equal(await next.end(), 0);
    t.match(readFileSync(join(blocked, 'runs', String(run), 'index.html'), 'utf8'), 'passed');
    t.ok(existsSync(join(blocked, 'runs', String(run), 'results.json')));
  },
);

t.test('a hostile run id leads to no other folder', async (t) => {
  const world = await makeWorld(t);
  const running = world.start();
  const evil = JSON.parse(
    JSON.stringify(world.recordsOf({ ...(await world.trigger()), key: 'x' })).replaceAll(
      '"run":"x"',
      '"run":"../../x"',
    ),
  );
  await running.feed(...evil);
  await running.end();
  t.notOk(existsSync(join(world.dir, 'x')));
  t.match(readFileSync(join(world.dir, 'pages', 'index.html'), 'utf8'), 'No run has finished yet');
});
