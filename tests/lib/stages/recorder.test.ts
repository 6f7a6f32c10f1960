import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { recordTypes } from '@ccci/lib/records/types.ts';
import type { EventLog } from '@ccci/lib/runs/events.ts';
import { makeMasker } from '@ccci/lib/runs/mask.ts';
import { makeRecorder } from '@ccci/lib/stages/recorder.ts';
import t from 'tap';

function fixture(log: object = {}, stepMs = 10) {
  const written: AnyRecord[] = [];
  const append = async (record: object) => void written.push(record as AnyRecord);
  const events = { append, ...log } as unknown as EventLog;
  const ending = new AbortController();
  const masker = makeMasker();
  const startedAt = Date.parse('2026-11-23T10:00:00.000Z');
  let ticks = 0;
  const now = () => {
    ticks += 1;
    return new Date(startedAt + stepMs * ticks);
  };
  const recorder = makeRecorder({
    key: 'gitea-1',
    run: 'gitea-1',
    attempt: 1,
    events,
    stamping: { by: 'ccci-stage/0.0.0', now },
    masker,
    signal: ending.signal,
  });
  return { written, recorder, ending, masker };
}

t.test('L33 every attempted stage has a row and its records', async (t) => {
  const { recorder, written } = fixture();
  await recorder.stage('install', async () => {
    recorder.setOn('abc');
    await recorder.test({ name: 'answers', status: 'pass', ms: 3 });
    return { status: 'pass' };
  });
  await recorder.missed('upgrade', 'there is no base');
  t.match(recorder.rows(), [
    { name: 'install', status: 'pass', on: 'abc', cause: null, tests: [{ name: 'answers' }] },
    { name: 'upgrade', status: 'unver', summary: 'there is no base', tests: [] },
  ]);
  t.same(
    written.map((record) => record.type),
    ['stage.started', 'test', 'stage.finished', 'stage.finished'],
  );
  for (const record of written) {
    const checked = recordTypes[record.type as 'test'].schema.safeParse(record);
    t.ok(checked.success, `${record.type} satisfies its schema: ${checked.error?.message}`);
  }
});

t.test('what is thrown within a stage is told apart: recipe, infrastructure, a bug of ours', async (t) => {
  const { recorder } = fixture();
  await recorder.stage('policy', async () => {
    throw new Failure(exitStatus.badInput, 'render-failed', 'no such file');
  });
  await recorder.stage('pull', async () => {
    throw new Failure(exitStatus.unavailable, 'engine-unreachable', 'no engine', { hint: 'start it' });
  });
  await recorder.stage('install', async () => {
    throw new TypeError('x is undefined');
  });
  t.match(recorder.rows(), [
    { status: 'fail', cause: 'recipe', summary: 'no such file' },
    { status: 'fail', cause: 'infra', summary: 'no engine (start it)' },
    { status: 'fail', cause: 'infra', summary: 'ccci itself failed: x is undefined' },
  ]);
  t.equal(recorder.bugs().length, 1);
});

t.test('a run that was ended leaves a row that says so, and the reason goes up', async (t) => {
  const { recorder, ending } = fixture();
  const reason = { verdict: 'cancelled', why: 'Ctrl-C' };
  const running = recorder.stage('install', async () => {
    ending.abort(reason);
    throw new Failure(exitStatus.unavailable, 'aborted', 'aborted');
  });
  t.equal(await running.catch((error) => error), reason);
  t.match(recorder.rows(), [{ name: 'install', status: 'unver' }]);
});

t.test(
  'secrets are masked in names, messages and summaries, and long messages say what was cut',
  async (t) => {
    const { recorder, written, masker } = fixture();
    masker.add('correct-horse');
    await recorder.stage('custom', async () => {
      await recorder.test({
        name: 'uses correct-horse',
        status: 'fail',
        ms: 1,
        message: `correct-horse ${'x'.repeat(20_000)}`,
      });
      return { status: 'fail', summary: 'password correct-horse refused' };
    });
    t.notMatch(JSON.stringify(written), /correct-horse/);
    t.match(recorder.rows()[0], {
      summary: 'password *** refused',
      tests: [{ name: 'uses ***', cut: 20_004 - 16_384 }],
    });
  },
);

t.test('the end of a run is told by the stage that it found at work', async (t) => {
  const reason = { verdict: 'cancelled', why: 'Ctrl-C' };
  const late = { verdict: 'over-time', why: 'the run took longer than 4 s' };
  for (const [why, given, row] of [
    [reason, { status: 'fail', summary: 'killed' }, { status: 'unver', summary: /^ended before/ }],
    [reason, { status: 'pass' }, { status: 'pass' }],
    [late, { status: 'unver', summary: 'killed' }, { status: 'fail', cause: 'recipe', summary: late.why }],
  ] as const) {
    const { recorder, ending } = fixture();
    const outcome = recorder.stage('install', async () => {
      ending.abort(why);
      return given;
    });
    const thrown = await outcome.then(
      () => null,
      (error) => error,
    );
    t.match(recorder.rows(), [row]);
    t.equal(thrown, given.status === 'pass' ? null : why, 'what passed has passed');
  }
});

t.test('no stage begins in a run that was ended; one that is over time fails it', async (t) => {
  const cancelled = fixture();
  cancelled.ending.abort({ verdict: 'cancelled', why: 'Ctrl-C' });
  const never = async () => t.fail('it began') as never;
  t.match(await cancelled.recorder.stage('backup', never).catch((error) => error), { verdict: 'cancelled' });
  t.same(cancelled.recorder.rows(), []);
  const late = fixture();
  late.ending.abort({ verdict: 'over-time', why: 'the run took longer than 4 s' });
  t.match(await late.recorder.stage('backup', never).catch((error) => error), { verdict: 'over-time' });
  t.match(late.recorder.rows(), [{ name: 'backup', status: 'fail' }]);
});

t.test('teardown is done in a run that was ended, and where nothing can be recorded any more', async (t) => {
  const { recorder, ending } = fixture();
  ending.abort({ verdict: 'cancelled', why: 'Ctrl-C' });
  t.match(await recorder.always('teardown', async () => ({ status: 'pass' })), { status: 'pass' });
  const full = new Failure(exitStatus.inputOutput, 'disk-full', 'no space');
  const broken = fixture({ append: async () => Promise.reject(full) });
  let isDone = false;
  const torn = broken.recorder.always('teardown', async () => {
    isDone = true;
    return { status: 'pass' };
  });
  t.equal(await torn.catch((error) => error), full);
  t.ok(isDone);
});

t.test('a disk that is full within a stage is no bug', async (t) => {
  const { recorder } = fixture();
  await recorder.stage('backup', async () => {
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  });
  t.match(recorder.rows(), [{ status: 'fail', cause: 'infra', summary: /no space/ }]);
  t.same(recorder.bugs(), []);
});

t.test('a clock that is set back makes no negative times', async (t) => {
  const { recorder } = fixture({}, -10_000);
  await recorder.stage('install', async () => ({ status: 'pass' }));
  const [row] = recorder.rows();
  t.ok(row !== undefined && row.ms >= 0, `ms is ${row?.ms}`);
});

t.test('what is done aside is no time of the stage', async (t) => {
  const { recorder } = fixture();
  const workMs = 40;
  const work = async () => {
    for (const from = performance.now(); performance.now() - from < workMs; );
  };
  const startedAt = performance.now();
  const row = await recorder.stage('install', async () => {
    await recorder.aside(work);
    return { status: 'pass' };
  });
  t.ok(row.ms <= performance.now() - startedAt - workMs + 2, `${row.ms} ms`);
  const next = await recorder.stage('custom', async () => ({ status: 'pass' }));
  t.ok(next.ms >= 0, 'it is counted for one stage alone');
});
