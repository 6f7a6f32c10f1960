import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import t, { type Test } from 'tap';
import { poll } from '../../../tools/poll/poll.ts';
import { enrolledWorld } from './enrolled.ts';
import { kinds, type WorldOptions } from './world.ts';

/** A world in which mia's trigger waits; `records` of its ticks are those of the watch alone. */
async function waitingWorld(t: Test, given: WorldOptions = {}) {
  const world = await enrolledWorld(t, given);
  world.comment('!testme');
  const { records } = await world.tick();
  const [trigger] = records as unknown as readonly [Trigger];
  const waits = (record: AnyRecord | Trigger) => ({ file: record.key as string, record: record as Trigger });
  world.queue.waiting.push(waits(trigger));
  return { ...world, trigger, waits };
}

const search = '/repos/issues/search';
const timeline = '/repos/org/app/issues/1/timeline';
const member = '/orgs/org/members/mia';

t.test('L04 who loses membership while it waits is told so, once', async (t) => {
  const { forge, tick, trigger, stored } = await waitingWorld(t);
  forge.removeMember('org', 'mia');
  const { records } = await tick(61_000);
  const { forge: name, owner, pr, comment, key } = trigger;
  t.match(records, [
    { type: 'drop', reason: 'not-allowed', key, forge: name, owner, name: 'app', pr, comment },
  ]);
  t.equal(
    records[0]!.detail,
    `mia was allowed when the comment was judged (${trigger.at}) and no longer is: not a member of org and not on the allow list`,
  );
  t.equal(stored.ticks['gitea/org']!.failures, 0);
});

t.test('it is said once, and again after it waited anew', async (t) => {
  const { forge, options, queue, clock, stopping, waits, trigger } = await waitingWorld(t);
  forge.removeMember('org', 'mia');
  let waited = 0;
  const wait = async () => {
    clock.ms += 61_000;
    waited += 1;
    if (waited === 4) queue.waiting.length = 0;
    if (waited === 5) queue.waiting.push(waits(trigger));
    if (waited === 7) stopping.abort('SIGTERM');
  };
  const said: number[] = [];
  for await (const { type } of poll(options({ isOnce: false, wait }))) if (type === 'drop') said.push(waited);
  t.same(said, [1, 5]);
});

t.test('nothing is asked when nothing waits, and for each person once a minute', async (t) => {
  const { tick, queue, waits, trigger, options, stopping, clock, forge } = await waitingWorld(t);
  queue.running.push(...queue.waiting.splice(0));
  t.same((await tick(61_000)).asked, [search], 'what runs was asked about before');
  queue.waiting.push(waits(trigger), waits({ ...trigger, key: 'gitea-900' }));
  forge.clearRequests();
  let ticks = 0;
  const wait = async (ms: number) => {
    clock.ms += ms;
    ticks += 1;
    if (ticks === 24) stopping.abort('SIGTERM');
  };
  for await (const _ of poll(options({ isOnce: false, wait })));
  const asked = forge.requests.filter(({ path }) => path.includes(member));
  t.equal(asked.length, 2, 'two minutes, two triggers');
});

t.test('L04 who is on the allow list stays allowed; what is no answer says nothing', async (t) => {
  const { forge, tick, options, queue, waits, trigger } = await waitingWorld(t);
  forge.removeMember('org', 'mia');
  const sources = options().sources.map((source) => ({ ...source, allow: ['MIA'] }));
  t.same((await tick(61_000, { sources })).records, []);
  forge.removeMember('org', 'bot');
  t.same((await tick(61_000)).records, [], 'hidden');
  forge.addMember('org', 'bot');
  for (const fault of [{ status: 500 }, { status: 403 }, 'drop', { status: 429 }] as const) {
    const rule = forge.misbehave({ match: { path: /members/ }, fault });
    t.same((await tick(61_000)).records, [], JSON.stringify(fault));
    t.equal(rule.count(), 1);
  }
  const others = [
    { ...trigger, comment: undefined },
    { ...trigger, forge: 'other' },
    { ...trigger, type: 'cancel' },
  ];
  queue.waiting.splice(0, 1, ...others.map((one) => waits(one as unknown as Trigger)));
  t.same((await tick(61_000)).records, [], 'a sweep, another forge, a cancel');
});

t.test('a person who cannot be asked about is left alone for a minute', async (t) => {
  const { forge, options, clock, stopping } = await waitingWorld(t);
  forge.misbehave({ match: { path: /members/ }, times: 99, fault: { status: 500 } });
  forge.clearRequests();
  let ticks = 0;
  const wait = async (ms: number) => {
    clock.ms += ms;
    ticks += 1;
    if (ticks === 24) stopping.abort('SIGTERM');
  };
  clock.ms += 61_000;
  for await (const _ of poll(options({ isOnce: false, wait })));
  t.equal(forge.requests.filter(({ path }) => path.includes(member)).length, 2);
});

t.test('closed: what waits and what runs is cancelled, by the event that closed it', async (t) => {
  const { forge, clock, tick, trigger, queue } = await waitingWorld(t);
  clock.ms += 2_000;
  forge.closePull('org', 'app', 1, { author: 'eve' });
  const closed = new Date(clock.ms).toISOString().replace('.000', '');
  const { records, asked } = await tick();
  t.match(records, [
    {
      type: 'cancel',
      why: 'closed',
      key: /^gitea-\d+$/,
      forge: 'gitea',
      owner: 'org',
      name: 'app',
      pr: trigger.pr,
      comment: { author: 'eve', created: closed, url: new RegExp(`^${trigger.pr!.url}#issuecomment-\\d+$`) },
    },
  ]);
  const { id } = records[0]!.comment as { id: number };
  t.equal(records[0]!.key, `gitea-${id}`);
  t.ok(id > trigger.comment!.id);
  t.same(asked.filter((path) => path === timeline).length, 1);

  queue.running.push(...queue.waiting.splice(0));
  t.match((await tick()).records, [{ key: `gitea-${id}` }], 'after a restart again: dedupe knows the key');
});

t.test('closed: looked into once, and again only when it moved', async (t) => {
  const { forge, options, clock, stopping } = await waitingWorld(t);
  clock.ms += 2_000;
  forge.closePull('org', 'app', 1);
  clock.ms += 2_000;
  forge.clearRequests();
  let ticks = 0;
  const wait = async (ms: number) => {
    clock.ms += ms;
    ticks += 1;
    if (ticks === 3) forge.comment('org', 'app', 1, 'eve', 'a pity');
    if (ticks === 6) stopping.abort('SIGTERM');
  };
  const keys: unknown[] = [];
  for await (const { type, key } of poll(options({ isOnce: false, wait })))
    if (type === 'cancel') keys.push(key);
  t.equal(
    forge.requests.filter(({ path }) => path.includes(timeline)).length,
    3,
    'now, and in the second of the comment and after',
  );
  t.equal(new Set(keys).size, 1, 'one event is one key');
});

t.test('closed in the second in which it was looked at: looked into until the second is over', async (t) => {
  const { forge, tick, clock } = await waitingWorld(t);
  clock.ms += 2_000;
  forge.closePull('org', 'app', 1);
  t.same(kinds((await tick(0)).records), ['cancel']);
});

t.test('closed and opened again, merged, or nothing of it waits: nothing is cancelled', async (t) => {
  const { forge, tick, clock, queue, waits, trigger } = await waitingWorld(t);
  forge.closePull('org', 'app', 1);
  clock.ms += 1_000;
  forge.reopenPull('org', 'app', 1);
  t.same(await tick().then(({ records, asked }) => [records, asked.includes(timeline)]), [[], false]);
  forge.closePull('org', 'app', 1);
  const [held] = queue.waiting.splice(0);
  t.same((await tick()).records, []);
  queue.waiting.push(held!);
  forge.reopenPull('org', 'app', 1);
  forge.mergePull('org', 'app', 1);
  t.same((await tick()).records, []);
  queue.waiting.splice(0, 1, waits({ ...trigger, pr: { ...trigger.pr!, number: 9 } }));
  t.same((await tick()).records, []);
});

t.test('what was asked for after it was closed is not ended by that', async (t) => {
  const { forge, tick, clock, queue, waits, trigger } = await waitingWorld(t);
  clock.ms += 1_000;
  forge.closePull('org', 'app', 1);
  const later = forge.comment('org', 'app', 1, 'eve', 'x');
  queue.waiting.splice(0, 1, waits({ ...trigger, comment: { ...trigger.comment!, id: later.id } }));
  t.same((await tick()).records, []);
});

t.test('a closing that cannot be read is looked at again, and the cursor waits for it', async (t) => {
  const { forge, tick, clock, stored } = await waitingWorld(t);
  await tick(120_000);
  clock.ms += 1_000;
  forge.closePull('org', 'app', 1);
  const { since } = stored.cursors['gitea/org']!;
  for (const fault of ['drop', { status: 500 }, { status: 401 }, 'truncate'] as const) {
    forge.misbehave({ match: { path: /timeline/ }, fault });
    t.same(kinds((await tick(120_000)).records), ['error'], JSON.stringify(fault));
    t.equal(stored.cursors['gitea/org']!.since, since);
  }
  t.same(kinds((await tick()).records), ['cancel']);
  t.not(stored.cursors['gitea/org']!.since, since);
});

t.test('a closing that never can be read is said, and holds nothing up', async (t) => {
  const { forge, tick, clock, stored } = await waitingWorld(t);
  clock.ms += 1_000;
  forge.closePull('org', 'app', 1);
  const { since } = stored.cursors['gitea/org']!;
  forge.misbehave({ match: { path: /timeline/ }, fault: { status: 403 } });
  t.match((await tick()).records, [
    { type: 'error', message: /was closed, but .* goes on/, hint: /!cancel/ },
  ]);
  t.not(stored.cursors['gitea/org']!.since, since);
});

t.test('a comment that is deleted while its trigger waits was judged once and for ever', async (t) => {
  const { forge, tick, trigger } = await waitingWorld(t);
  forge.deleteComment(trigger.comment!.id);
  forge.comment('org', 'app', 1, 'mia', 'sorry');
  t.same((await tick()).records, []);
});
