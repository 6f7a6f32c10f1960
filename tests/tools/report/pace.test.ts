import { writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { changesExample } from '@ccci/lib/records/changes.ts';
import { dropExample } from '@ccci/lib/records/drop.ts';
import { encodeLine } from '@ccci/lib/records/encode.ts';
import t from 'tap';
import { makeWorld, type World } from './world.ts';

const edits = (world: World) => world.forge.requests.filter(({ method }) => method === 'PATCH').length;

/** A clock that tests move, and pauses that end when it has moved so far. */
function makeClock() {
  let now = 0;
  let waiting: { readonly until: number; readonly resolve: () => void }[] = [];
  return {
    clock: () => now,
    pause: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        waiting.push({ until: now + ms, resolve });
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
    move: (ms: number) => {
      now += ms;
      for (const one of waiting.filter(({ until }) => until <= now)) one.resolve();
      waiting = waiting.filter(({ until }) => until > now);
    },
    pauses: () => waiting.length,
  };
}

t.test(
  'at most one edit in ten seconds, what is held back comes then, and an outcome waits for nothing',
  async (t) => {
    const world = await makeWorld(t);
    const { clock, pause, move, pauses } = makeClock();
    const trigger = await world.trigger();
    const running = world.start({ editMs: 10_000, clock, pause });
    await running.feed(trigger);
    await world.forge.waitFor(() => world.comments().length === 1, { what: 'the progress comment' });
    const records = world.recordsOf(trigger);
    const { folder, commit } = await world.begin(trigger, records.slice(0, 4));
    await running.feed(records[2]!);
    await world.forge.waitFor(() => edits(world) === 1, { what: 'the first edit, at once' });
    const { appendFileSync, writeFileSync } = await import('node:fs');
    for (const record of records.slice(4, -1))
      appendFileSync(`${folder}/events.ndjson`, `${JSON.stringify(record)}\n`);
    await running.feed(...records.slice(4, -1).filter(({ type }) => String(type).startsWith('stage.')));
    while (pauses() === 0) await setImmediate();
    t.equal(edits(world), 1, 'the others are held back');
    move(9_999);
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    t.equal(edits(world), 1);
    move(1);
    await world.forge.waitFor(() => edits(world) === 2, { what: 'the edit that was due' });
    const finished = records.at(-1)!;
    appendFileSync(`${folder}/events.ndjson`, `${JSON.stringify(finished)}\n`);
    writeFileSync(`${folder}/marker`, '');
    await commit(() => finished);
    await running.feed(finished);
    await world.forge.waitFor(() => world.comments()[0]?.body.includes('ghost passed'), {
      what: 'the outcome, at once',
    });
    t.equal(await running.end(), 0);
    t.equal(edits(world), 2);
    t.equal(world.statuses().filter(({ state }) => state === 'pending').length, 2, 'waits, then is tested');
  },
);

t.test(
  'within 10 s of the trigger: lint, policy, the plan, the estimate and what changes, in one edit',
  async (t) => {
    const world = await makeWorld(t);
    const { clock, pause, move, pauses } = makeClock();
    const trigger = await world.trigger();
    const running = world.start({ editMs: 10_000, earlyMs: 7_000, clock, pause });
    await running.feed(trigger);
    await world.forge.waitFor(() => world.comments().length === 1, { what: 'the progress comment' });
    const records = world.recordsOf(trigger, { changes: changesExample, expectedMs: 372_000 });
    const lint = records.findIndex((one) => one.type === 'stage.finished' && one.stage === 'lint');
    const { folder } = await world.begin(trigger, records.slice(0, 4));
    await running.feed(records[2]!, records[3]!);
    while (pauses() === 0) await setImmediate();
    t.equal(edits(world), 0, 'that it has begun is not worth the one edit of ten seconds');
    writeFileSync(
      `${folder}/events.ndjson`,
      records
        .slice(0, lint + 1)
        .map(encodeLine)
        .join(''),
    );
    move(1_000);
    await world.forge.waitFor(() => world.comments()[0]?.body.includes('A whole run takes'), {
      what: 'the edit, a second after',
    });
    t.equal(edits(world), 1, 'one edit');
    const body = world.comments()[0]!.body;
    for (const said of [
      'A whole run takes about 6 minutes',
      '| policy | ✅ passed |',
      '| lint | ✅ passed |',
      '| custom tests | ▫️ to come, 1 test file |',
      'What changes since `6.0.2+5.8.0`',
      '**Volume `content` is dropped: its data is left behind**',
    ])
      t.ok(body.includes(said), said);
    t.equal(await running.end(), 0);
  },
);

t.test('checks that take long keep back the edit for seven seconds, and no more', async (t) => {
  const world = await makeWorld(t);
  const { clock, pause, move, pauses } = makeClock();
  const trigger = await world.trigger();
  const running = world.start({ editMs: 10_000, earlyMs: 7_000, clock, pause });
  await running.feed(trigger);
  await world.forge.waitFor(() => world.comments().length === 1, { what: 'the progress comment' });
  const records = world.recordsOf(trigger);
  await world.begin(trigger, records.slice(0, 4));
  await running.feed(records[3]!);
  for (let second = 0; second < 7; second += 1) {
    while (pauses() === 0) await setImmediate();
    t.equal(edits(world), 0);
    move(1_000);
  }
  await world.forge.waitFor(() => world.comments()[0]?.body.includes('checkout is running'), {
    what: 'the edit',
  });
  t.equal(await running.end(), 0);
});

t.test('nothing is written again when nothing changed, however often it is looked at', async (t) => {
  const world = await makeWorld(t);
  const trigger = await world.trigger();
  const running = world.start();
  await running.feed(trigger);
  await world.forge.waitFor(() => world.comments().length === 1, { what: 'the progress comment' });
  const before = world.forge.requests.length;
  for (let count = 0; count < 5; count += 1) await running.changed(null);
  t.equal(await running.end(), 0);
  t.equal(world.forge.requests.length, before);
});

t.test('the place in the queue is kept true as others go ahead', async (t) => {
  const world = await makeWorld(t);
  const other = world.forge.openPull('org', 'app', { head: 'next', title: 'Other', author: 'mia' });
  const first = await world.trigger();
  const second = await world.trigger({}, world.commits.next, other);
  const running = world.start({ goingMs: 5 });
  await running.feed(first, second);
  const body = () => world.forge.comments('org', 'app', other).find(({ user }) => user === 'bot')?.body ?? '';
  await world.forge.waitFor(() => body().includes('place 2 in the queue'), { what: 'place 2' });
  await world.withdraw(first, 'cancelled', 'mia cancelled it');
  await running.feed({ ...dropExample, key: first.key, reason: 'cancelled' });
  await world.forge.waitFor(() => body().includes('place 1 in the queue'), { what: 'place 1' });
  await world.forge.waitFor(
    () => world.forge.statuses('org', 'app', world.commits.next).at(-1)?.description.includes('place 1 in'),
    { what: 'the same in the status' },
  );
  t.equal(await running.end(), 0);
});
