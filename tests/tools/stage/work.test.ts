import { Failure } from '@ccci/lib/program/failure.ts';
import { resultsExample } from '@ccci/lib/records/results.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import type { Ended } from '@ccci/lib/stages/ended.ts';
import type { RunEnd, RunOptions } from '@ccci/lib/stages/run.ts';
import { claim } from '@ccci/lib/state/claim.ts';
import { journalPath } from '@ccci/lib/state/layout.ts';
import type { Overtaken } from '@ccci/lib/state/overtaken.ts';
import { listQueue, readJournal } from '@ccci/lib/state/queue.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import t from 'tap';
import { workQueued } from '../../../tools/stage/queued.ts';
import { type WorkOptions, workHere } from '../../../tools/stage/work.ts';
import { inQueue, stamping, triggerOf } from './scene.ts';

const engine = { host: 'unix:///nowhere' } as Engine;
const finished: RunEnd = { kind: 'finished', results: resultsExample, bugs: [], failure: null };
const full = new Failure(74, 'disk-full', 'cannot write', { hint: 'make space' });
const noEngine = new Failure(69, 'engine-unreachable', 'no Docker engine', { hint: 'start it' });

/** What work needs, with a run that ends as it is told and writes down how it was called. */
function makeWork(state: string, end: RunEnd | Error | ((options: RunOptions) => Promise<RunEnd>)) {
  const ending = new AbortController();
  const emitted: AnyRecord[] = [];
  const noted: number[] = [];
  const troubles: string[] = [];
  const calls: RunOptions[] = [];
  const removed: string[] = [];
  const options: WorkOptions = {
    state,
    runs: `${state}/runs`,
    owner: 'owner',
    domain: 'ccci.test',
    ingress: { kind: 'direct' },
    testsDir: `${state}/tests`,
    allowLocal: false,
    forgeUrls: [],
    stamping,
    signal: ending.signal,
    ready: async () => ({ engine, environment: async () => ({}) }),
    checkRoom: async () => {},
    say: () => {},
    removeLeftovers: async ({ earlier }) => void removed.push(...earlier),
    emit: async (record) => void emitted.push(record as AnyRecord),
    errorRecord: ({ message, hint }, key) => ({
      type: 'error',
      v: 1,
      at: '',
      by: '',
      key,
      message,
      hint: String(hint),
    }),
    noteTrouble: ({ message }) => void troubles.push(message),
    noteFailure: ({ status }) => void noted.push(status),
    noteBad: () => {},
    noteBug: () => {},
    noteEnd: () => {},
    preview: async () => null,
    carryOut: async (_trigger, own) => {
      calls.push(own);
      if (typeof end === 'function') return end(own);
      if (end instanceof Error) throw end;
      if (end.kind !== 'given-back') await own.commit({ type: 'run.finished', run: own.run });
      return end;
    },
  };
  const claimAndWork = async (file: string | undefined, overtaken: Overtaken | null = null) => {
    const claimed = await claim(state, String(file), { stamping });
    if (claimed !== null) await workQueued(claimed, { ...options, overtaken });
  };
  return { options, ending, emitted, noted, troubles, calls, removed, claimAndWork };
}

t.test('by hand: run as it is, its own paths allowed, nothing claimed', async (t) => {
  const work = makeWork(t.testdir(), finished);
  const { forge: _forge, ...hand } = triggerOf(1);
  await workHere(hand, work.options);
  t.match(work.calls, [{ run: 'gitea-1', attempt: 1, allowLocal: true, kind: 'pull' }]);
  await workHere(triggerOf(2), work.options);
  t.equal(work.calls[1]?.allowLocal, false, 'a forge’s trigger may not name a path');
});

t.test('from the queue: claimed, committed; nobody runs it twice', async (t) => {
  const state = t.testdir();
  const work = makeWork(state, finished);
  const [trigger = triggerOf(0)] = await inQueue(state, triggerOf(1));
  await work.claimAndWork(trigger.spool);
  await work.claimAndWork(trigger.spool);
  t.equal(work.calls.length, 1, 'nobody runs it twice');
  t.same(work.emitted, []);
  t.same(await typesIn(state, 'done'), ['trigger', 'claim', 'run.finished']);
});

t.test('given back, by a stop or by a disk that is full: in new again, and no attempt is lost', async (t) => {
  for (const end of [{ kind: 'given-back' } as const, full]) {
    const state = t.testdir();
    const work = makeWork(state, end);
    const [trigger = triggerOf(0)] = await inQueue(state, triggerOf(1));
    await work.claimAndWork(trigger.spool);
    t.same(await typesIn(state, 'new'), ['trigger', 'claim', 'queued']);
    const again = await claim(state, String(trigger.spool), { stamping });
    t.match(again, { run: 'gitea-1.2', attempt: 1 });
    again?.release();
    if (end !== full) continue;
    t.same(work.noted, [74]);
    t.match(work.emitted, [{ type: 'error', key: 'gitea-1', hint: 'make space' }]);
  }
});

t.test('a failure behind the commit gives nothing back', async (t) => {
  const state = t.testdir();
  const work = makeWork(state, async (own) => {
    await own.commit({ type: 'run.finished', run: own.run });
    throw full;
  });
  const [trigger = triggerOf(0)] = await inQueue(state, triggerOf(1));
  await work.claimAndWork(trigger.spool);
  t.same(await typesIn(state, 'done'), ['trigger', 'claim', 'run.finished']);
});

t.test('a bug goes up, and its claim stays like one that died', async (t) => {
  const state = t.testdir();
  const work = makeWork(state, new TypeError('x is undefined'));
  const [trigger = triggerOf(0)] = await inQueue(state, triggerOf(1));
  await t.rejects(work.claimAndWork(trigger.spool), TypeError);
  t.same(await typesIn(state, 'cur'), ['trigger', 'claim']);
});

t.test('no engine: an error with the key', async (t) => {
  const work = makeWork(t.testdir(), finished);
  const ready = async () => {
    throw noEngine;
  };
  await workHere(triggerOf(1), { ...work.options, ready });
  t.match(work.emitted, [{ type: 'error', key: 'gitea-1', message: 'no Docker engine', hint: 'start it' }]);
  t.same(work.noted, [69]);
});

t.test('a checkout that failed: by hand bad input, from the queue its verdict says it', async (t) => {
  const state = t.testdir();
  const failure = new Failure(65, 'repo-missing', 'the repository is not there', { hint: 'look' });
  const work = makeWork(state, { ...finished, failure });
  const { forge: _forge, ...hand } = triggerOf(1);
  await workHere(hand, work.options);
  t.same(work.noted, [65]);
  t.match(work.emitted, [{ type: 'error', key: 'gitea-1', hint: 'look' }]);
  const [trigger = triggerOf(0)] = await inQueue(state, triggerOf(2));
  await work.claimAndWork(trigger.spool);
  t.same(work.noted, [65], 'not the program’s failure');
  t.same(work.troubles, ['the repository is not there'], 'but said');
});

t.test('what was ended before its turn: cancelled is dropped, given back is left', async (t) => {
  const state = t.testdir();
  const [first = triggerOf(0), second = triggerOf(0)] = await inQueue(state, triggerOf(1), triggerOf(2));
  for (const [trigger, verdict] of [
    [first, 'cancelled'],
    [second, 'given-back'],
  ] as const) {
    const work = makeWork(state, finished);
    work.ending.abort({ verdict, why: 'told so' } satisfies Ended);
    await work.claimAndWork(trigger.spool);
    t.equal(work.calls.length, 0);
    t.match(
      work.emitted,
      verdict === 'cancelled' ? [{ type: 'drop', key: 'gitea-1', detail: 'told so' }] : [],
    );
  }
  t.same(await listQueue(state, 'new'), [second.spool]);
});

t.test('a dead claim that was overtaken: what it left is removed, then it is dropped for all', async (t) => {
  const state = t.testdir();
  const [one = triggerOf(0), two = triggerOf(0)] = await inQueue(state, triggerOf(1, 3), triggerOf(2, 3));
  (await claim(state, String(one.spool), { stamping }))?.release();
  const work = makeWork(state, finished);
  await work.claimAndWork(one.spool, { reason: 'superseded', detail: 'ana asks for another commit' });
  t.same(work.removed, ['gitea-1']);
  t.equal(work.calls.length, 0);
  t.match(work.emitted, [
    { type: 'drop', key: 'gitea-1', reason: 'superseded' },
    { type: 'drop', key: 'gitea-2', reason: 'superseded' },
  ]);
  t.same(await listQueue(state, 'done'), [one.spool, two.spool]);
});

t.test('all earlier claims are cleared before the next attempt', async (t) => {
  const state = t.testdir();
  const [trigger = triggerOf(0)] = await inQueue(state, triggerOf(1));
  for (const _death of [1, 2]) (await claim(state, String(trigger.spool), { stamping }))?.release();
  const work = makeWork(state, finished);
  await work.claimAndWork(trigger.spool);
  t.same(work.removed, ['gitea-1', 'gitea-1.2']);
  t.match(work.calls, [{ run: 'gitea-1.3', attempt: 3 }]);
});

t.test('two comments on one commit: one run, and a drop of it answers each by name', async (t) => {
  const state = t.testdir();
  const [one = triggerOf(0), two = triggerOf(0)] = await inQueue(state, triggerOf(1, 3), triggerOf(2, 3));
  const work = makeWork(state, async (own) => {
    await own.commit({ type: 'drop', key: 'gitea-1', reason: 'gone', comment: one.comment });
    return finished;
  });
  await work.claimAndWork(one.spool);
  t.equal(work.calls.length, 1);
  const journal = await readJournal(journalPath(state, 'done', String(two.spool)));
  t.match(journal.at(-1), { type: 'drop', key: 'gitea-2', comment: { id: 2 } });
});

async function typesIn(state: string, folder: 'new' | 'cur' | 'done'): Promise<string[]> {
  const [file = ''] = await listQueue(state, folder);
  return (await readJournal(journalPath(state, folder, file))).map(({ type }) => type);
}
