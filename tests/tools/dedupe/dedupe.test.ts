import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tickExample } from '@ccci/lib/records/tick.ts';
import { claim } from '@ccci/lib/state/claim.ts';
import { listQueue } from '@ccci/lib/state/queue.ts';
import t from 'tap';
import { dedupe } from '../../../tools/dedupe/dedupe.ts';
import { recordingDisk } from '../../lib/state/recording-disk.ts';
import { now, stamping, stateWith, triggerOf } from '../../lib/state/scene.ts';
import { lines, optionsOf, run, said, shown } from './scene.ts';

const enrolledAt = '2026-11-23T10:00:00Z';
const tickOf = (since: string) => ({ ...tickExample, cursors: { 'gitea/recipes': { since, enrolledAt } } });

const cursors = (state: string) => JSON.parse(readFileSync(join(state, 'cursors.json'), 'utf8'));

t.test('L03 nothing goes to standard output before it is durable, the tick last', async (t) => {
  const state = t.testdir();
  await run(optionsOf(state));
  const disk = recordingDisk({ root: state });
  for await (const records of dedupe(
    lines(triggerOf(1), tickOf('2026-11-23T10:15:00Z')),
    optionsOf(state, { disk }),
  )) {
    for (const record of records) disk.notes.push(`stdout ${record.type}`);
  }
  const file = '20261123T100001Z-gitea-1';
  t.strictSame(disk.notes, [
    `write accepted/.${file}.json.tmp`,
    `sync accepted/.${file}.json.tmp`,
    `rename accepted/.${file}.json.tmp accepted/${file}.json`,
    'sync accepted',
    `write queue/tmp/${file}.ndjson`,
    `sync queue/tmp/${file}.ndjson`,
    `rename queue/tmp/${file}.ndjson queue/new/${file}.ndjson`,
    'sync queue/new',
    'append seen.ndjson',
    'sync seen.ndjson',
    'stdout trigger',
    'write .enrolled.json.tmp',
    'sync .enrolled.json.tmp',
    'rename .enrolled.json.tmp enrolled.json',
    'sync .',
    'write .ticks.json.tmp',
    'sync .ticks.json.tmp',
    'rename .ticks.json.tmp ticks.json',
    'sync .',
    'write .cursors.json.tmp',
    'sync .cursors.json.tmp',
    'rename .cursors.json.tmp cursors.json',
    'sync .',
    'stdout tick',
  ]);
});

t.test('T5 the same input twice: what is unfinished once more, then duplicates', async (t) => {
  const state = t.testdir();
  const drop = { ...triggerOf(2), type: 'drop', reason: 'not-allowed', detail: 'mallory' };
  const input = [triggerOf(1), drop, triggerOf(1)];
  t.same(shown(await run(optionsOf(state), ...input)), [
    'trigger gitea-1',
    'drop gitea-2 not-allowed',
    'drop gitea-1 duplicate',
  ]);
  t.same(shown(await run(optionsOf(state), ...input)), [
    'trigger gitea-1',
    'drop gitea-1 duplicate',
    'drop gitea-2 duplicate',
    'drop gitea-1 duplicate',
  ]);
  t.strictSame(await listQueue(state, 'new'), ['20261123T100001Z-gitea-1']);
  t.strictSame(await listQueue(state, 'done'), ['20261123T100002Z-gitea-2']);
});

t.test('L02 a restart gives out what waits and what died, not what somebody has', async (t) => {
  const state = t.testdir();
  const [held = '', dead = ''] = await stateWith(state, triggerOf(1), triggerOf(2), triggerOf(3));
  const ours = await claim(state, held, { stamping });
  (await claim(state, dead, { stamping }))?.release();
  t.same(shown(await run(optionsOf(state))), ['trigger gitea-2', 'trigger gitea-3']);
  ours?.release();
});

t.test('L16 a dead claim whose result is there is not given out', async (t) => {
  const state = t.testdir();
  const [file = ''] = await stateWith(state, triggerOf(1));
  (await claim(state, file, { stamping }))?.release();
  mkdirSync(join(state, 'runs/gitea-1'), { recursive: true });
  writeFileSync(join(state, 'runs/gitea-1/results.json'), '{}');
  t.same(await run(optionsOf(state)), []);
});

t.test('unknown types, other records and triggers by hand pass, in order and untouched', async (t) => {
  const state = t.testdir();
  const hand = { ...triggerOf(9), forge: undefined, key: 'hand-20261123t101500-1234', extra: [1] };
  const input = [{ type: 'x.y', deep: { a: null } }, triggerOf(1), hand, { type: 'x.y', b: 'ä\u2028' }];
  const out = await run(optionsOf(state), ...input);
  t.same(shown(out), ['x.y', 'trigger gitea-1', 'trigger hand-20261123t101500-1234', 'x.y']);
  const { forge: _, ...written } = hand;
  t.same([out[0], out[2], out[3]], [input[0], written, input[3]]);
  t.strictSame(await listQueue(state, 'new'), ['20261123T100001Z-gitea-1']);
});

t.test(
  'a bad line becomes an error record, 65, and holds the cursors: it may have been a trigger',
  async (t) => {
    const state = t.testdir();
    await run(optionsOf(state), tickOf('2026-11-23T10:15:00Z'));
    said.length = 0;
    const options = optionsOf(state);
    const late = tickOf('2026-11-23T10:16:00Z');
    const out = await run(options, '{"type":"trig', late, triggerOf(1), late);
    t.same(shown(out), ['error', 'tick', 'trigger gitea-1', 'tick']);
    t.equal(options.outcome.status(), 65);
    t.match(said, [/line 1 is not JSON/, /cursors stay as they are/]);
    t.equal(said.length, 2, 'said once');
    t.equal(cursors(state)['gitea/recipes'].since, '2026-11-23T10:15:00Z');
    await run(optionsOf(state), late);
    t.equal(cursors(state)['gitea/recipes'].since, '2026-11-23T10:16:00Z', 'a new start goes on');
  },
);

t.test('L01 the time of enrolment is stored although the cursors are held', async (t) => {
  const state = t.testdir();
  await run(optionsOf(state), 'nonsense', tickOf('2026-11-23T10:15:00Z'));
  t.notOk(existsSync(join(state, 'cursors.json')));
  t.match(readFileSync(join(state, 'enrolled.json'), 'utf8'), enrolledAt);
});

t.test('L02 L03 broken at any operation, the next start loses and doubles nothing', async (t) => {
  const input = [triggerOf(1), triggerOf(2), tickOf('2026-11-23T10:15:00Z'), triggerOf(3)];
  const whole = recordingDisk({ root: '/' });
  await run(optionsOf(t.testdir({}), { disk: whole }), ...input);
  t.ok(whole.notes.length > 30);
  for (let breakAt = 1; breakAt <= whole.notes.length; breakAt += 1) {
    const state = t.testdir({});
    const disk = recordingDisk({ root: state, breakAt });
    await t.rejects(run(optionsOf(state, { disk }), ...input), { message: 'cut' });
    const isPassed = existsSync(join(state, 'cursors.json'));
    const out = await run(optionsOf(state), ...(isPassed ? input.slice(2) : input));
    const triggers = shown(out).filter((line) => line.startsWith('trigger'));
    t.same(triggers, ['trigger gitea-1', 'trigger gitea-2', 'trigger gitea-3'], `broken at ${breakAt}`);
    t.equal((await listQueue(state, 'new')).length, 3);
    t.match(await claim(state, '20261123T100001Z-gitea-1', { stamping }), { attempt: 1 });
  }
});

t.test('a full disk ends it with 74, and what came before the record is durable', async (t) => {
  const state = t.testdir();
  await run(optionsOf(state), triggerOf(1));
  const { diskFailure } = await import('@ccci/lib/state/disk-failure.ts');
  const error = diskFailure('write', 'x', Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }));
  const disk = recordingDisk({ root: state, breakAt: 1, error });
  await t.rejects(run(optionsOf(state, { disk }), triggerOf(2)), { status: 74, code: 'disk-full' });
  t.same(shown(await run(optionsOf(state), triggerOf(2))), ['trigger gitea-1', 'trigger gitea-2']);
});

t.test('the clock is a parameter', async (t) => {
  const state = t.testdir();
  await run(optionsOf(state), triggerOf(1));
  t.match(readFileSync(join(state, 'seen.ndjson'), 'utf8'), now().toISOString());
});

t.test(
  'a known key is a duplicate whatever else its record says, and does not hold the cursors',
  async (t) => {
    const state = t.testdir();
    const options = optionsOf(state);
    const broken = { ...triggerOf(1), ref: 7, pr: 'three', comment: null };
    await run(options, triggerOf(1));
    const out = await run(options, broken, tickOf('2026-11-23T10:16:00Z'));
    t.same(shown(out), ['trigger gitea-1', 'drop gitea-1 duplicate', 'tick']);
    t.equal(options.outcome.status(), 0);
    t.equal(cursors(state)['gitea/recipes'].since, '2026-11-23T10:16:00Z');
  },
);
