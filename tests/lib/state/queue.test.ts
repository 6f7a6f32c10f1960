import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { claim } from '@ccci/lib/state/claim.ts';
import { journalPath, prepareState } from '@ccci/lib/state/layout.ts';
import { deadClaims, listQueue, readJournal, settle } from '@ccci/lib/state/queue.ts';
import t from 'tap';
import { recordingDisk } from './recording-disk.ts';
import { stamping, stateWith, triggerOf } from './scene.ts';
import { startTaker } from './start-taker.ts';

const types = async (path: string) => (await readJournal(path)).map(({ type }) => type);

t.test('claim: locked, noted, moved to cur, in the order of step 9', async (t) => {
  const state = t.testdir();
  const [file = ''] = await stateWith(state, triggerOf(1));
  const disk = recordingDisk({ root: state });
  const claimed = await claim(state, file, { stamping, disk });
  t.match(claimed, {
    file,
    run: 'gitea-1',
    attempt: 1,
    earlier: [],
    trigger: { key: 'gitea-1', spool: file },
  });
  t.strictSame(disk.notes, [
    `append queue/new/${file}.ndjson`,
    `sync queue/new/${file}.ndjson`,
    `rename queue/new/${file}.ndjson queue/cur/${file}.ndjson`,
    'sync queue/cur',
    'sync queue/new',
  ]);
  t.equal(await claim(state, file, { stamping }), null, 'locked means somebody else has it');
  t.strictSame(await deadClaims(state), [], 'and it is not dead');
  claimed?.release();
  t.strictSame(await deadClaims(state), [file]);
});

t.test('commit: journal durable, then done, and nobody can claim it again', async (t) => {
  const state = t.testdir();
  const [file = ''] = await stateWith(state, triggerOf(1));
  const disk = recordingDisk({ root: state });
  const claimed = await claim(state, file, { stamping, disk });
  disk.notes.length = 0;
  await claimed?.commit(() => ({ type: 'run.finished', verdict: 'green' }));
  t.strictSame(disk.notes, [
    `append queue/cur/${file}.ndjson`,
    `sync queue/cur/${file}.ndjson`,
    `rename queue/cur/${file}.ndjson queue/done/${file}.ndjson`,
    'sync queue/done',
    'sync queue/cur',
  ]);
  t.strictSame(await listQueue(state, 'done'), [file]);
  t.strictSame(await types(journalPath(state, 'done', file)), ['trigger', 'claim', 'run.finished']);
  t.equal(await claim(state, file, { stamping }), null);
});

t.test('giveBack: back in new, the attempt does not count, the run id is new', async (t) => {
  const state = t.testdir();
  const [, file = ''] = await stateWith(state, triggerOf(1), triggerOf(2));
  const first = await claim(state, file, { stamping });
  await first?.giveBack();
  t.equal((await listQueue(state, 'new')).length, 2);
  const journal = await readJournal(journalPath(state, 'new', file));
  t.match(journal.slice(-2), [{ type: 'claim' }, { type: 'queued', run: 'gitea-2' }]);
  const second = await claim(state, file, { stamping });
  t.match(second, { attempt: 1, run: 'gitea-2.2', earlier: ['gitea-2'] });
  second?.release();
});

t.test('L16 a claim that died is claimed again, as the next attempt', async (t) => {
  const state = t.testdir();
  const [file = ''] = await stateWith(state, triggerOf(1));
  const holder = await startTaker('claim', state, file);
  t.equal(await holder.take(), 'got');
  t.equal(await claim(state, file, { stamping }), null);
  await holder.kill();
  const next = await claim(state, file, { stamping });
  t.match(next, { attempt: 2, run: 'gitea-1.2', earlier: ['gitea-1'] });
  next?.release();
  const third = await claim(state, file, { stamping });
  t.match(third, { attempt: 3, run: 'gitea-1.3', earlier: ['gitea-1', 'gitea-1.2'] });
  third?.release();
});

t.test('T5 of several processes that claim one file at once, one wins', async (t) => {
  const state = t.testdir();
  const [file = ''] = await stateWith(state, triggerOf(1));
  const takers = await Promise.all([1, 2, 3, 4].map(() => startTaker('claim', state, file)));
  const answers = await Promise.all(takers.map(({ take }) => take()));
  t.strictSame(answers.sort(), ['got', 'null', 'null', 'null']);
  t.equal((await types(journalPath(state, 'cur', file))).filter((type) => type === 'claim').length, 1);
  await Promise.all(takers.map(({ letGo }) => letGo()));
});

t.test('a file that was put in the place of the opened one is not ours', async (t) => {
  const state = t.testdir();
  const [file = ''] = await stateWith(state, triggerOf(1));
  const path = journalPath(state, 'new', file);
  const { openSync, closeSync } = await import('node:fs');
  const { isStill } = await import('@ccci/lib/state/lock.ts');
  const fd = openSync(path, 'r+');
  t.ok(isStill(fd, path));
  renameSync(path, journalPath(state, 'cur', file));
  t.notOk(isStill(fd, path), 'renamed away');
  writeFileSync(path, '');
  t.notOk(isStill(fd, path), 'another inode');
  closeSync(fd);
});

t.test('a torn journal is ended before the next line', async (t) => {
  const state = t.testdir();
  const [file = ''] = await stateWith(state, triggerOf(1));
  appendFileSync(journalPath(state, 'new', file), '{"type":"cla');
  const claimed = await claim(state, file, { stamping });
  claimed?.release();
  const path = journalPath(state, 'cur', file);
  t.match(readFileSync(path, 'utf8'), /\{"type":"cla\n\{"type":"claim"/);
  t.strictSame(await types(path), ['trigger', 'claim']);
});

t.test('settle ends what nobody runs, from new and from cur', async (t) => {
  const state = t.testdir();
  const [one = '', two = ''] = await stateWith(state, triggerOf(1), triggerOf(2));
  const claimed = await claim(state, two, { stamping });
  t.equal(await settle(state, two, { type: 'drop' }), false, 'held by somebody');
  claimed?.release();
  t.ok(await settle(state, one, { type: 'drop', reason: 'superseded' }));
  t.ok(await settle(state, two, { type: 'run.finished' }));
  t.strictSame(await listQueue(state, 'done'), [one, two]);
  t.equal(await settle(state, one, { type: 'drop' }), false, 'gone');
});

t.test('what is no trigger, or no name of a queue file, is passed over', async (t) => {
  const state = t.testdir();
  const [file = ''] = await stateWith(state, { ...triggerOf(1), type: 'cancel' });
  t.equal(await claim(state, file, { stamping }), null);
  t.strictSame(await listQueue(state, 'new'), [file], 'and stays where it is');
  t.equal(await claim(state, '../../etc/passwd', { stamping }), null);
  t.equal(await claim(state, '20261123T100000Z-gitea-99', { stamping }), null);
});

t.test('a queue file without its accepted file is a failure that frees the lock', async (t) => {
  const state = t.testdir();
  const [file = ''] = await stateWith(state, triggerOf(1));
  rmSync(`${state}/accepted/${file}.json`);
  await t.rejects(claim(state, file, { stamping }), { status: 74, code: 'not-accepted' });
  t.ok(await settle(state, file, { type: 'drop' }));
});

t.test('no queue at all is an empty queue', async (t) => {
  t.strictSame(await listQueue(t.testdir(), 'new'), []);
  const state = t.testdir();
  await prepareState(state);
  t.strictSame(await deadClaims(state), []);
});
