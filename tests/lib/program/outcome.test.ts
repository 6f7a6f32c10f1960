import { codeOf, exitStatus, Failure, messageOf } from '@ccci/lib/program/failure.ts';
import { makeOutcome } from '@ccci/lib/program/outcome.ts';
import t from 'tap';

t.test('the first that applies, whatever came first', async (t) => {
  const order = [70, 74, 130, 143, 69, 75, 65, 1] as const;
  t.equal(makeOutcome().status(), 0, 'nothing noted');
  for (const [place, status] of order.entries()) {
    const outcome = makeOutcome();
    for (const lesser of order.slice(place + 1)) outcome.note(lesser);
    outcome.note(status);
    outcome.note(0);
    t.equal(outcome.status(), status, `${status} before ${order.slice(place + 1).join(', ') || 0}`);
  }
});

t.test('before anything starts', async (t) => {
  for (const status of [64, 78] as const) {
    const outcome = makeOutcome();
    outcome.note(status);
    outcome.note(130);
    t.equal(outcome.status(), status);
  }
});

t.test('every status has a place', async (t) => {
  for (const status of Object.values(exitStatus)) {
    const outcome = makeOutcome();
    outcome.note(status);
    t.equal(outcome.status(), status);
  }
});

t.test('failures', async (t) => {
  const cause = new Error('inner');
  const failure = new Failure(exitStatus.usage, 'bad', 'no', { cause, hint: 'do' });
  t.match(failure, { name: 'Failure', status: 64, code: 'bad', message: 'no', hint: 'do', cause });
  t.ok(failure instanceof Error);
  t.equal(messageOf(failure), 'no');
  t.equal(messageOf('text'), 'text');
  t.equal(messageOf(undefined), 'undefined');
  t.equal(codeOf(failure), 'bad');
  t.equal(codeOf(Object.assign(new Error(), { code: 'ENOENT' })), 'ENOENT');
  for (const thrown of [null, undefined, 'x', { code: 7 }, new Error('x')])
    t.equal(codeOf(thrown), undefined);
});
