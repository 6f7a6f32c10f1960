import { judgeCases, type TestCase } from '@ccci/lib/testing/case.ts';
import { lastWords } from '@ccci/lib/testing/last-words.ts';
import { makeLines } from '@ccci/lib/testing/lines.ts';
import { readJunit } from '@ccci/lib/testing/read-junit.ts';
import { readTap } from '@ccci/lib/testing/read-tap.ts';
import t from 'tap';

t.test('TAP: a nested failure is told once, with its words', async (t) => {
  const text = `TAP version 13
# Subtest: outer
    not ok 1 - inner
      ---
      duration_ms: 1.5
      error: 'no posts'
      expected: 3
      ...
    1..1
not ok 1 - outer
ok 2 - later # TODO some day
1..2
`;
  t.same(readTap(text), [
    { name: 'outer > inner', status: 'fail', ms: 1.5, message: 'no posts\nexpected: 3' },
    { name: 'later', status: 'skip', ms: 0, message: 'todo: some day' },
  ]);
});

t.test('TAP: what is broken about the stream is a failure', async (t) => {
  t.match(readTap('ok 1\n'), [{ status: 'pass' }, { status: 'fail', message: /^no plan/ }]);
  t.match(readTap('Bail out! no database\n'), [
    { name: 'bailed out', status: 'fail', message: /no database/ },
  ]);
  t.match(readTap('not ok 1 - group {\n    1..0\n}\n1..1\n'), [{ name: 'group', status: 'fail' }]);
  t.same(readTap(''), []);
  t.same(readTap('words only\n'), []);
});

t.test('TAP: the reason of a failure is in its message, as a block or as comments', async (t) => {
  const text = `1..4
not ok 1 - posts
  ---
  reason: the list is empty
  got: 0
  want: [1, 2]
  duration_ms: 3
  ...
not ok 2 - title
#   Failed test 'title'
#          got: 'x'
ok 3 - left # SKIP ccci-not-run: no mail server
not ok 4 - browser
  ---
  error: 'there is no Chromium'
  code: 'CCCI_NOT_RUN'
  ...
`;
  t.same(readTap(text), [
    { name: 'posts', status: 'fail', ms: 3, message: 'the list is empty\ngot: 0\nwant: [1,2]' },
    { name: 'title', status: 'fail', ms: 0, message: "  Failed test 'title'\n         got: 'x'" },
    { name: 'left', status: 'unver', ms: 0, message: 'no mail server' },
    { name: 'browser', status: 'unver', ms: 0, message: 'there is no Chromium' },
  ]);
});

t.test('TAP: an ocean of other lines is not looked at', async (t) => {
  const text = `1..2\nok 1 - a\n${'y\n'.repeat(2_000_000)}ok 2 - b\n`;
  t.same(
    readTap(text).map(({ name, status }) => `${name} ${status}`),
    ['a pass', 'b pass'],
  );
});

t.test('the last words of a program are those that name the error', async (t) => {
  t.equal(
    lastWords('x\nSyntaxError: Unexpected token\n    at compile (node:vm:1:2)\n\nNode.js v24.1.0\n'),
    'SyntaxError: Unexpected token',
  );
  t.equal(lastWords('E   ModuleNotFoundError: No module named x\n1 error in 0.1s\n').slice(0, 6), 'E   Mo');
  t.equal(lastWords('first\nlast\n\n'), 'last');
  t.equal(lastWords(''), '');
});

t.test('JUnit: errors count as failures, broken XML as no report', async (t) => {
  const xml = `<?xml version="1.0"?><testsuites><testsuite name="pytest">
<testcase classname="c" name="test_a" time="0.25"/>
<testcase classname="c" name="test_b" time="0.1"><failure message="one &lt; two">trace</failure></testcase>
<testcase classname="c" name="test_c"><error message="fixture">gone</error></testcase>
<testcase classname="c" name="test_d"><skipped message="why" type="x">where</skipped></testcase>
<testcase classname="custom.test_x.TestPosts" name="test_e[two words]" time="0"/>
<testcase classname="c" name="test_f"><skipped message="ccci-not-run: not ready" type="x"/></testcase>
</testsuite></testsuites>`;
  t.same(readJunit(xml), [
    { name: 'test_a', status: 'pass', ms: 250, message: null },
    { name: 'test_b', status: 'fail', ms: 100, message: 'one < two\ntrace' },
    { name: 'test_c', status: 'fail', ms: 0, message: 'fixture\ngone' },
    { name: 'test_d', status: 'skip', ms: 0, message: 'why' },
    { name: 'TestPosts > test_e[two words]', status: 'pass', ms: 0, message: null },
    { name: 'test_f', status: 'unver', ms: 0, message: 'not ready' },
  ]);
  t.equal(readJunit('<testsuite><testcase'), null);
  t.equal(readJunit(''), null);
});

t.test('L55 how a file ended completes what it said', async (t) => {
  const pass: TestCase = { name: 'a', status: 'pass', ms: 1, message: null };
  const fail: TestCase = { name: 'b', status: 'fail', ms: 1, message: 'no' };
  const skip: TestCase = { name: 'c', status: 'skip', ms: 0, message: 'why' };
  const ended = { file: 'x', exitCode: 0, timedOut: false, overflowedAt: null, timeoutMs: 2_000, tail: '' };
  t.same(judgeCases([pass, skip], ended), [pass, skip]);
  t.same(judgeCases([pass, fail], { ...ended, exitCode: 1 }), [pass, fail]);
  t.match(judgeCases([pass], { ...ended, exitCode: 1 }), [
    pass,
    { name: 'x', status: 'fail', message: /status 1/ },
  ]);
  t.match(judgeCases([pass], { ...ended, exitCode: null }), [pass, { status: 'fail', message: /a signal/ }]);
  t.match(judgeCases([skip], ended), [skip, { status: 'fail', message: /^no assertion ran/ }]);
  t.match(judgeCases([], ended), [{ status: 'fail', message: /^no assertion ran/ }]);
  const notRun: TestCase = { name: 'd', status: 'unver', ms: 0, message: 'no mail server' };
  t.same(judgeCases([notRun], ended), [notRun], 'what says itself that it did not run is enough');
  t.same(judgeCases([pass, notRun], { ...ended, exitCode: 1 }), [pass, notRun]);
  t.match(judgeCases([pass], { ...ended, overflowedAt: 2 * 1024 * 1024 }), [
    pass,
    { status: 'fail', message: 'wrote more than 2 MiB of output, and was ended' },
  ]);
  t.match(judgeCases([pass], { ...ended, timedOut: true }), [
    pass,
    { status: 'fail', message: /within 2 s/ },
  ]);
});

t.test('lines come whole, also from pieces, and a very long one in bounded ones', async (t) => {
  const seen: string[] = [];
  const lines = makeLines((line) => seen.push(line));
  lines.add('on');
  lines.add('e\ntwo\r\nth');
  lines.add('ree');
  lines.end();
  t.same(seen, ['one', 'two', 'three']);
  lines.add('x'.repeat(40_000));
  lines.end();
  t.same(
    seen.slice(3).map((line) => line.length),
    [16_384, 16_384, 7_232],
  );
});

t.test('points without end are read up to a bound, and said', async (t) => {
  const cases = readTap('ok 1 - never ends\n'.repeat(300_000));
  t.equal(cases.length, 5_001);
  t.match(cases.at(-1), { status: 'fail', message: /more than 5000 test points/ });
});
