import { setImmediate } from 'node:timers/promises';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { makeOutcome } from '@ccci/lib/program/outcome.ts';
import t from 'tap';
import { makePace } from '../../../tools/report/pace.ts';
import { makeRepeated } from '../../../tools/report/repeated.ts';
import { makeRounds } from '../../../tools/report/rounds.ts';
import { makeSlots } from '../../../tools/report/slots.ts';
import { makeTurns } from '../../../tools/report/turns.ts';

const fail = (error: unknown) => {
  throw error;
};
const log = { info: () => {}, warning: () => {}, error: () => {} };

t.test('slots: in the order in which work came, but what is urgent goes first', async (t) => {
  const limit = makeSlots(1);
  const done: string[] = [];
  const add = (name: string, isUrgent = false) => limit(async () => void done.push(name), isUrgent);
  await Promise.all([add('first'), add('second'), add('third'), add('urgent', true)]);
  t.same(done, ['first', 'urgent', 'second', 'third']);
});

t.test(
  'turns: one after the other on the same pull request, whatever becomes of it, and side by side on others',
  async (t) => {
    const turns = makeTurns();
    const log: string[] = [];
    let release = () => {};
    const first = turns('a', async () => {
      log.push('begin 1');
      await new Promise<void>((resolve) => (release = resolve));
      log.push('end 1');
      throw new Error('it failed');
    });
    const second = turns('a', async () => void log.push('2'));
    await turns('b', async () => void log.push('other'));
    release();
    await t.rejects(first, { message: 'it failed' });
    await second;
    t.same(log, ['begin 1', 'other', 'end 1', '2']);
  },
);

t.test('pace: an edit waits for ten seconds after the last one of its own pull request', async (t) => {
  let now = 5;
  const pace = makePace({ editMs: 10_000, earlyMs: 7_000, clock: () => now });
  t.equal(pace.of('a').waitMs(), 0, 'the first waits for nothing');
  pace.of('a').made();
  now += 4_000;
  t.equal(pace.of('a').waitMs(), 6_000);
  t.equal(pace.of('b').waitMs(), 0);
  now += 6_000;
  t.equal(pace.of('a').waitMs(), 0);
});

t.test('pace: what was only heard, or has only begun, soon has more to tell', async (t) => {
  let now = 5;
  const { earlyMs } = makePace({ editMs: 10_000, earlyMs: 7_000, clock: () => now }).of('a');
  t.equal(earlyMs('one'), 1_000, 'looked at again in a second');
  now += 6_500;
  t.equal(earlyMs('one'), 500, 'that it waits would be the one edit of ten seconds');
  now += 500;
  t.equal(earlyMs('one'), 0);
  t.equal(earlyMs('two'), 1_000, 'another run');
});

t.test(
  'an edit that is due wakes its pull request when its time has come, and holds up nobody',
  async (t) => {
    const pauses: number[] = [];
    let release = () => {};
    let goes = 0;
    const rounds = makeRounds({
      bring: async () => ({ rest: 'done', retryAfterMs: 0, dueMs: ++goes < 3 ? 7_000 : null, going: null }),
      pause: (ms) => {
        pauses.push(ms);
        return new Promise((resolve) => (release = resolve));
      },
      fail,
    });
    rounds.wake('a');
    await rounds.atRest();
    t.equal(goes, 1, 'at rest although an edit is due');
    rounds.wake('a');
    await rounds.atRest();
    t.equal(goes, 2, 'news are not held up');
    t.same(pauses, [7_000], 'and one timer is enough');
    release();
    await setImmediate();
    await rounds.atRest();
    t.equal(goes, 3);
  },
);

t.test('what goes on is known: what runs, and on demand what waits', async (t) => {
  const going = { a: 'running', b: 'waiting', c: null } as const;
  const rounds = makeRounds({
    bring: async (thread) => ({
      rest: 'done',
      retryAfterMs: 0,
      dueMs: null,
      going: going[thread as keyof typeof going],
    }),
    pause: async () => {},
    fail,
  });
  for (const thread of Object.keys(going)) rounds.wake(thread);
  await rounds.atRest();
  t.same(rounds.going(false), ['a']);
  t.same(rounds.going(true), ['a', 'b']);
});

t.test('repeated work: never twice at a time; what is owed is left to its own time', async (t) => {
  let tries = 0;
  const work = async () => (++tries === 1 ? ['gitea/org'] : []);
  const repeated = makeRepeated(work, { outcome: makeOutcome(), log, fail });
  repeated.now();
  repeated.now();
  await repeated.atRest();
  t.equal(tries, 1);
  t.same(repeated.owed(), ['gitea/org']);
  repeated.nudge();
  await repeated.atRest();
  t.equal(tries, 1, 'a nudge is no reason to try again');
  repeated.now();
  await repeated.atRest();
  t.same(repeated.owed(), []);
});

t.test('a configuration that does not let it work is noted and said once; anything else fails', async (t) => {
  const outcome = makeOutcome();
  const said: string[] = [];
  const error = (message: string) => void said.push(message);
  const refuse = async () => {
    throw new Failure(exitStatus.configuration, 'no-secret', 'cannot read the token');
  };
  const repeated = makeRepeated(refuse, { outcome, log: { ...log, error }, fail });
  repeated.now();
  await repeated.atRest();
  repeated.now();
  await repeated.atRest();
  t.same(said, ['cannot read the token']);
  t.equal(outcome.status(), exitStatus.configuration);
  const failures: unknown[] = [];
  const broken = makeRepeated(async () => fail(new Error('a bug')), {
    outcome,
    log,
    fail: (error) => void failures.push(error),
  });
  broken.now();
  await broken.atRest();
  t.match(failures, [{ message: 'a bug' }]);
});
