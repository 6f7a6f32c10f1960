import t from 'tap';
import { noteHealth } from '../../../tools/poll/health.ts';
import { poll } from '../../../tools/poll/poll.ts';
import { enrolledWorld } from './enrolled.ts';
import { startPolling } from './world.ts';

const at = (minute: number) => new Date(Date.parse('2026-11-23T10:00:00Z') + minute * 60_000);

t.test('good, and since when it is not', async (t) => {
  const fine = noteHealth({}, 'a', { at: at(0), isGood: true, says: null });
  t.same(fine, {
    a: { at: '2026-11-23T10:00:00.000Z', good: '2026-11-23T10:00:00.000Z', failures: 0, says: null },
  });
  const bad = (ticks: typeof fine, minute: number) =>
    noteHealth(ticks, 'a', { at: at(minute), isGood: false, says: 'away' });
  t.same(bad(bad(fine, 1), 2), {
    a: { at: '2026-11-23T10:02:00.000Z', good: '2026-11-23T10:00:00.000Z', failures: 2, says: 'away' },
  });
  t.match(bad({}, 1), { a: { good: null, failures: 1 } }, 'never');
  t.match(noteHealth(bad(fine, 1), 'b', { at: at(2), isGood: true, says: null }), {
    a: { failures: 1 },
    b: { failures: 0 },
  });
});

t.test(
  'a forge that is away for an hour: a tick each time, which says since when; nothing is lost',
  async (t) => {
    const { comment, forge, tick, stored, clock } = await enrolledWorld(t);
    const numbers = Array.from({ length: 19 }, (_, nth) =>
      forge.openPull('org', 'app', { head: 'feature', title: `${nth}`, author: 'mia' }),
    );
    await tick();
    await tick();
    const good = new Date(clock.ms).toISOString();
    const { since } = stored.cursors['gitea/org']!;
    const away = forge.misbehave({ times: 1e6, fault: 'drop' });
    const ids: number[] = [];
    for (let minute = 1; minute <= 60; minute += 1) {
      if (minute % 3 === 0) {
        const number = minute === 3 ? 1 : numbers[minute / 3 - 2]!;
        ids.push(forge.comment('org', 'app', number, 'mia', '!testme').id);
      }
      const { tick: last, records } = await tick(60_000);
      t.match(records, [{ type: 'error', source: 'gitea/org' }], { diagnostic: false });
      t.match(last, {
        cursors: { 'gitea/org': { since } },
        sources: {
          'gitea/org': {
            good,
            failures: minute,
            says: /got no answer/,
            at: new Date(clock.ms).toISOString(),
          },
        },
      });
    }
    away.stop();
    const { records, tick: last } = await tick();
    t.same(
      records.map(({ type, key }) => `${type} ${key}`),
      ids.map((id) => `trigger gitea-${id}`),
      '20 comments on 20 pull requests: 20 triggers, in their order',
    );
    t.match(last, {
      sources: { 'gitea/org': { failures: 0, says: null, good: new Date(clock.ms).toISOString() } },
    });
    const later = [...(await tick()).records, ...(await tick(600_000)).records, ...(await tick()).records];
    t.same(later, [], 'and no more');
    comment('!testme');
    t.equal((await tick()).records.length, 1);
  },
);

t.test('L02 a forge that is away when ccci first starts: enrolled is when that was', async (t) => {
  const { comment, forge, options, clock, stopping } = await startPolling(t.testdir());
  t.teardown(() => forge.close());
  comment('!testme');
  clock.ms += 5_000;
  const started = clock.ms;
  const away = forge.misbehave({ times: 1e6, fault: 'drop' });
  const asked: number[] = [];
  let minute = 0;
  const wait = async () => {
    clock.ms += 60_000;
    minute += 1;
    if (minute === 10 || minute === 35) asked.push(comment('!testme').id);
    if (minute === 30) away.stop();
    if (minute === 40) stopping.abort('SIGTERM');
  };
  const keys: unknown[] = [];
  const enrolled = new Set<string>();
  for await (const { type, key, cursors } of poll(options({ isOnce: false, wait }))) {
    if (type === 'trigger') keys.push(key);
    const cursor = (cursors as Record<string, { enrolledAt: string }> | undefined)?.['gitea/org'];
    if (cursor) enrolled.add(cursor.enrolledAt);
  }
  t.same([...enrolled].map(Date.parse), [started]);
  t.same(
    keys,
    asked.map((id) => `gitea-${id}`),
  );
});

t.test('a source that is not asked this time is told as it was, one that is gone is not', async (t) => {
  const { options, stopping, clock, forge, stored } = await enrolledWorld(t, { repositories: ['eve/tool'] });
  stored.ticks = {
    ...stored.ticks,
    'gitea/gone': { at: at(0).toISOString(), good: null, failures: 3, says: 'x' },
  };
  forge.misbehave({ match: { path: /search/ }, times: 9, fault: { status: 500 } });
  const ticks: Record<string, { at: string; failures: number }>[] = [];
  const wait = async () => {
    clock.ms += 1_000;
    if (ticks.length === 3) stopping.abort('SIGTERM');
  };
  for await (const record of poll(options({ isOnce: false, wait }))) {
    if (record.type === 'tick') ticks.push(record.sources as (typeof ticks)[number]);
  }
  t.same(
    ticks.map((sources) => sources['gitea/org']!.failures),
    [1, 1, 1],
    'backed off: not asked again yet',
  );
  t.equal(ticks[0]!['gitea/org']!.at, ticks[2]!['gitea/org']!.at);
  t.same(Object.keys(ticks[2]!).sort(), ['gitea/eve/tool', 'gitea/org']);
});
