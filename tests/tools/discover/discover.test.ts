import { readInput } from '@ccci/lib/plan/read-input.ts';
import { Failure } from '@ccci/lib/program/failure.ts';
import { makeOutcome } from '@ccci/lib/program/outcome.ts';
import { planExample } from '@ccci/lib/records/plan.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import t from 'tap';
import { type DiscoverRecordsOptions, discoverRecords } from '../../../tools/discover/discover.ts';

const stamping = { by: 'ccci-discover/test', now: () => new Date('2026-11-23T10:15:00Z') };
const complete = { now: stamping.now, random: () => 'beef', cwd: '/nowhere', forgeUrls: [] };

async function discover(
  lines: readonly (object | string)[],
  plan: DiscoverRecordsOptions['plan'],
  ending = new AbortController(),
) {
  async function* bytes() {
    for (const line of lines)
      yield Buffer.from(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  }
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  const outcome = makeOutcome();
  const log = { info: say, warning: say, error: say };
  const input = readInput(bytes(), { stamping, complete, ending: ending.signal });
  const records: AnyRecord[] = [];
  for await (const record of discoverRecords(input, { plan, stamping, log, outcome })) records.push(record);
  return { records, said, status: outcome.status() };
}

t.test('a trigger becomes its plan, all else keeps its place', async (t) => {
  const other = { type: 'weather', is: 'fine' };
  const got = await discover([other, triggerExample, other], async () => ({
    ...planExample,
    warnings: ['look out'],
  }));
  t.same(
    got.records.map(({ type }) => type),
    ['weather', 'plan', 'weather'],
  );
  t.same(got.said, ['ghost: look out']);
  t.equal(got.status, 0);
});

t.test('what cannot be planned is an error with its key and hint, and the next goes on', async (t) => {
  let calls = 0;
  const plan = async () => {
    calls += 1;
    if (calls === 1) throw new Failure(65, 'commit-gone', 'the commit is gone', { hint: 'comment again' });
    if (calls === 2) throw new Failure(69, 'repo-unreachable', 'cannot be read');
    return planExample;
  };
  const got = await discover([triggerExample, triggerExample, triggerExample], plan);
  const key = triggerExample.key;
  t.match(got.records, [
    { type: 'error', key, message: 'ghost: the commit is gone', hint: 'comment again' },
    { type: 'error', key, message: 'ghost: cannot be read' },
    { type: 'plan' },
  ]);
  t.equal(got.status, 69);
});

t.test('a trigger by hand whose repository is not there has a key all the same', async (t) => {
  const got = await discover([{ type: 'trigger', repo: './none' }], async () => planExample);
  t.match(got.records, [
    { type: 'error', key: 'hand-20261123t101500-beef', message: 'none: /nowhere/none is not there' },
  ]);
  t.equal(got.status, 65);
});

t.test('other fields of such a trigger are checked too', async (t) => {
  const got = await discover(
    [{ type: 'trigger', repo: './none', options: { quick: 'yes' } }],
    async () => planExample,
  );
  t.match(got.records, [{ type: 'error', message: /no valid trigger record: options\.quick/ }]);
});

t.test('a bug is not hidden in a record', async (t) => {
  const bug = async () => {
    throw new TypeError('undefined is not a function');
  };
  await t.rejects(discover([triggerExample], bug), TypeError);
});

t.test('ended in the middle: said, and the status is left to who ended it', async (t) => {
  const ending = new AbortController();
  const plan = async () => {
    ending.abort(new Failure(75, 'ended', 'not planned: the program was ended'));
    throw ending.signal.reason;
  };
  const got = await discover([triggerExample, triggerExample], plan, ending);
  t.match(got.records, [{ type: 'error', key: triggerExample.key }]);
  t.equal(got.records.length, 1);
  t.equal(got.status, 0);
});
